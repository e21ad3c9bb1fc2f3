// Three nodes under load in processes of their own, and what has to hold of what their members got. Breaks nothing itself.
import { afterEach, beforeAll, expect } from "vitest";
import { ensureBrokerClients } from "../../scripts/toolchain.mjs";
import { clusterHub } from "../../src/brokers/cluster.ts";
import { ROOT } from "../architecture/source-files.ts";
import { known } from "../contracts/fleet.ts";
import { type Bundle, bundle } from "../support/bundle.ts";
import { type TcpProxy, tcpProxy } from "../support/tcp-proxy.ts";
import { Control, eventually, faultsIn, Member } from "./load.ts";
import { type ProcessNode, processNode } from "./process-node.ts";
import type { Server } from "./servers.ts";

/** The room that is under load. */
export const ROOM = "load";

/** How long it may take until everything comes back. */
export const BACK_WITHIN_MS = 6_000;

/** A broker, and how its server is started. */
export interface FailureKind {
  readonly name: string;
  /** The client, as the program of a node knows it. */
  readonly broker: "cluster" | "redis" | "ioredis" | "nats";
  readonly missing: string | undefined;
  /** How many nodes are killed, one after the other. */
  readonly kills: number;
  readonly startServer: () => Promise<(Server & { readonly ports?: readonly number[] }) | undefined>;
  /** What only the link that listens says; undefined where links find their way past a proxy. */
  readonly listens: RegExp | undefined;
}

let program: Bundle;

/** What to do after the test, last first. */
export const cleanUp: (() => unknown)[] = [];

/** Bundles the program of the nodes before the tests of the suite that is being described, and cleans up after each. */
export function prepareScenes(): void {
  beforeAll(async () => {
    await ensureBrokerClients();
    program = bundle(`${ROOT}test/brokers/programs/broker-node.ts`);
    return () => program.remove();
  });

  afterEach(async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
  });
}

const schemeOf = ({ broker }: FailureKind) => (broker === "nats" ? "nats" : "redis");
const urlOf = (kind: FailureKind, ports: readonly number[]) => {
  const urls = ports.map((port) => `${schemeOf(kind)}://127.0.0.1:${port}`);
  return urls.length === 1 ? urls[0] : urls;
};

/** Resolves after so many milliseconds. */
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts one node more. */
export async function startNode(kind: FailureKind, ports: readonly number[], ready = true): Promise<ProcessNode> {
  const settings = { broker: kind.broker, url: urlOf(kind, ports), ready };
  const node = await processNode(program.path, settings, (child) => {
    cleanUp.push(() => child.kill("SIGKILL"));
    if (kind.broker === "cluster") clusterHub().add(child);
  });
  return node;
}

/** Where nodes find the server. */
export const portsOf = (server: Scene["server"]): readonly number[] => server?.ports ?? [server?.port ?? 0];

/** Three nodes under load with a member each; the second reaches the broker through a proxy. */
export class Scene {
  readonly kind: FailureKind;
  server: Awaited<ReturnType<FailureKind["startServer"]>>;
  proxy: TcpProxy | undefined;
  nodes: ProcessNode[] = [];
  controls: Control[] = [];
  members: Member[] = [];

  constructor(kind: FailureKind) {
    this.kind = kind;
  }

  async set(): Promise<this> {
    this.server = await this.kind.startServer();
    cleanUp.push(() => this.server?.stop("SIGKILL"));
    const ports = portsOf(this.server);
    let proxied = ports;
    if (this.kind.listens !== undefined) {
      this.proxy = await tcpProxy(this.server?.port ?? 0);
      proxied = [this.proxy.port];
      cleanUp.push(() => this.proxy?.close());
    }
    this.nodes = await Promise.all([ports, proxied, ports].map((one) => startNode(this.kind, one)));
    await known(this.nodes, 3);
    for (const node of this.nodes) {
      const control = await Control.of(node.url);
      this.controls.push(control);
      this.members.push(await Member.join(node.url, control.id, ROOM));
    }
    cleanUp.push(() => {
      for (const member of this.members) member.leave();
      for (const { peer } of this.controls) peer.close();
    });
    for (const control of this.controls) await control.ask("load:start", { room: ROOM, count: 1 });
    await this.#back(await this.sent(), "at the start");
    return this;
  }

  /** The number of the last event of each node. */
  sent(): Promise<number[]> {
    return Promise.all(this.controls.map((control) => control.ask<number>("load:sent")));
  }

  /** Waits until every member gets again what every node sends. @returns How long it took, in milliseconds. */
  async healed(): Promise<number> {
    return this.#back(await this.sent(), "after healing");
  }

  async #back(since: readonly number[], when: string): Promise<number> {
    return eventually(`every node reaches every member ${when}`, BACK_WITHIN_MS, () =>
      this.members.every((member) =>
        this.controls.every(({ id }, index) => member.after(id, since[index] ?? 0).length > 0),
      ),
    );
  }

  /** From now on nothing may be missing: goes on for a while, ends the load, and counts. */
  async finish(): Promise<void> {
    await eventually("a second in which nothing is lost", BACK_WITHIN_MS, () => this.#isSteady());
    const since = await this.sent();
    await sleep(1_000);
    const last = await Promise.all(this.controls.map((control) => control.ask<number>("load:stop")));
    await eventually("the last events arrive", BACK_WITHIN_MS, () =>
      this.members.every((member) =>
        this.controls.every(({ id }, index) => member.after(id, (last[index] ?? 0) - 1).length === 1),
      ),
    );
    for (const member of this.members) {
      for (const [index, { id }] of this.controls.entries()) {
        const all = member.ticks.get(id) ?? [];
        const faults = faultsIn(all);
        // Never twice, never out of order; and for a node's own members nothing is ever missing.
        expect(faults.disordered).toBe(0);
        if (id === member.node) expect([all[0]?.n === 1 || all.length > 0, faults.missing]).toEqual([true, 0]);
        expect(faultsIn(member.after(id, since[index] ?? 0))).toEqual({ missing: 0, disordered: 0 });
      }
    }
    for (const { child } of this.nodes) expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  }

  /** Whether all got everything for a second: the parts of a Cluster that stood still may miss each other once more. */
  async #isSteady(): Promise<boolean> {
    const since = await this.sent();
    await sleep(1_000);
    const until = await this.sent();
    // What was sent last is still on its way.
    await sleep(200);
    return this.members.every((member) =>
      this.controls.every(({ id }, index) => {
        const got = member.after(id, since[index] ?? 0);
        return (
          (got.at(-1)?.n ?? 0) >= (until[index] ?? 0) &&
          got[0]?.n === (since[index] ?? 0) + 1 &&
          faultsIn(got).missing === 0
        );
      }),
    );
  }

  /** What the node's own members got meanwhile. */
  async localGoesOn(ms: number): Promise<void> {
    const before = await this.sent();
    await sleep(ms);
    for (const [index, member] of this.members.entries()) {
      const got = member.after(member.node, before[index] ?? 0);
      expect(got.length).toBeGreaterThan(ms / 20);
      expect(faultsIn(got)).toEqual({ missing: 0, disordered: 0 });
    }
  }
}
