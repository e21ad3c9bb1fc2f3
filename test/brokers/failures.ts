// What goes wrong between nodes, with real servers and real processes: nodes that are killed, brokers that stop, freeze,
// or are cut off without a word. Local delivery goes on, and everything comes back; both are counted.
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { ensureBrokerClients } from "../../scripts/toolchain.mjs";
import { clusterHub } from "../../src/brokers/cluster.ts";
import type { MemberList } from "../../src/index.ts";
import { ROOT } from "../architecture/source-files.ts";
import { known } from "../contracts/broker.ts";
import type { NodeStatus } from "../contracts/node-app.ts";
import { type Bundle, bundle } from "../support/bundle.ts";
import { notRun } from "../support/missing.ts";
import { type TcpProxy, tcpProxy } from "../support/tcp-proxy.ts";
import { Control, eventually, faultsIn, Member } from "./load.ts";
import { type ProcessNode, processNode } from "./process-node.ts";
import type { Server } from "./servers.ts";

const ROOM = "load";
const BACK_WITHIN_MS = 6_000;
const FORGOTTEN_WITHIN_MS = 12_000;

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
const cleanUp: (() => unknown)[] = [];

const schemeOf = ({ broker }: FailureKind) => (broker === "nats" ? "nats" : "redis");
const urlOf = (kind: FailureKind, ports: readonly number[]) => {
  const urls = ports.map((port) => `${schemeOf(kind)}://127.0.0.1:${port}`);
  return urls.length === 1 ? urls[0] : urls;
};
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function startNode(kind: FailureKind, ports: readonly number[], ready = true): Promise<ProcessNode> {
  const settings = { broker: kind.broker, url: urlOf(kind, ports), ready };
  const node = await processNode(program.path, settings, (child) => {
    cleanUp.push(() => child.kill("SIGKILL"));
    if (kind.broker === "cluster") clusterHub().add(child);
  });
  return node;
}

const portsOf = (server: Scene["server"]): readonly number[] => server?.ports ?? [server?.port ?? 0];

/** Three nodes under load with a member each; the second reaches the broker through a proxy. */
class Scene {
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

/** Runs the failures over one broker. */
export function brokerFailures(kind: FailureKind): void {
  describe(`what goes wrong with ${kind.name}`, () => {
    beforeAll(async () => {
      await ensureBrokerClients();
      program = bundle(`${ROOT}test/brokers/programs/broker-node.ts`);
      return () => program.remove();
    });

    afterEach(async () => {
      for (const step of cleanUp.splice(0).reverse()) await step();
    });

    it(
      `${kind.kills} times one of three nodes is killed under load: the others lose nothing, and it is soon forgotten`,
      {
        timeout: 180_000,
      },
      async (context) => {
        if (kind.missing !== undefined) notRun(context, `killing nodes, ${kind.name}`, kind.missing);
        const scene = await new Scene(kind).set();
        const [first, second] = scene.controls;
        if (first === undefined || second === undefined) throw new Error("no nodes");
        const killed = new Map<string, number>();
        for (let round = 0; round < kind.kills; round++) {
          const victim = scene.nodes[2];
          const { id } = scene.controls[2] ?? { id: "" };
          victim?.child.kill("SIGKILL");
          killed.set(id, Date.now());
          const node = await startNode(kind, portsOf(scene.server));
          const control = await Control.of(node.url);
          const member = await Member.join(node.url, control.id, ROOM);
          await control.ask("load:start", { room: ROOM, count: 1 });
          await eventually("the new node and the old ones reach each other", BACK_WITHIN_MS, () => {
            const old = scene.members.slice(0, 2).every((one) => one.after(control.id, 0).length > 0);
            return old && [first, second].every((one) => member.after(one.id, 0).length > 0);
          });
          scene.members[2]?.leave();
          scene.nodes[2] = node;
          scene.controls[2] = control;
          scene.members[2] = member;
        }
        const alive = [...scene.controls.map(({ id }) => id)].sort();
        await eventually("the lists are of the living only", FORGOTTEN_WITHIN_MS, async () => {
          const { members, silent } = await first.ask<MemberList>("members", { room: ROOM, timeout: 500 });
          return (
            silent.length === 0 && JSON.stringify(members.map(({ node }) => node).sort()) === JSON.stringify(alive)
          );
        });
        const { changes } = await first.ask<NodeStatus>("status");
        const took = [...killed].map(
          ([id, at]) => (changes.find((one) => one.node === id && one.change === "died")?.at ?? Number.NaN) - at,
        );
        console.log(
          `${kind.name}: ${kind.kills} killed nodes were forgotten after ${Math.min(...took)} to ${Math.max(...took)} ms`,
        );
        expect(took.filter((ms) => ms <= FORGOTTEN_WITHIN_MS)).toHaveLength(kind.kills);
        const counted = [first, second].flatMap(({ id }) =>
          scene.members.slice(0, 2).map((one) => one.ticks.get(id) ?? []),
        );
        console.log(
          `${kind.name}: the others' members got`,
          counted.map((ticks) => ticks.length),
        );
        expect(counted.map(faultsIn)).toEqual(counted.map(() => ({ missing: 0, disordered: 0 })));
        await scene.finish();
      },
    );

    if (kind.broker === "cluster") return;

    it("it is stopped for 3 s and started again", { timeout: 60_000 }, async (context) => {
      if (kind.missing !== undefined) notRun(context, `stopping ${kind.name}`, kind.missing);
      const scene = await new Scene(kind).set();
      await scene.server?.stop();
      await scene.localGoesOn(3_000);
      const { errors } = (await scene.controls[0]?.ask<NodeStatus>("status")) ?? { errors: [] };
      expect(new Set(errors)).toEqual(new Set(["broker_unavailable"]));
      await scene.server?.start();
      console.log(`${kind.name}, restarted: back after ${Math.round(await scene.healed())} ms`);
      await scene.finish();
    });

    it("it stands still for 10 s", { timeout: 60_000 }, async (context) => {
      if (kind.missing !== undefined) notRun(context, `freezing ${kind.name}`, kind.missing);
      const scene = await new Scene(kind).set();
      scene.server?.freeze();
      await scene.localGoesOn(10_000);
      scene.server?.thaw();
      console.log(`${kind.name}, thawed: back after ${Math.round(await scene.healed())} ms`);
      await scene.finish();
    });

    const { listens } = kind;
    if (listens === undefined) return;

    it("one node's listening link is swallowed without a word for 8 s", { timeout: 60_000 }, async (context) => {
      if (kind.missing !== undefined) notRun(context, `cutting off ${kind.name}`, kind.missing);
      const scene = await new Scene(kind).set();
      scene.proxy?.swallow(listens);
      await scene.localGoesOn(8_000);
      const [, deaf] = scene.controls;
      expect((await deaf?.ask<NodeStatus>("status"))?.errors).toContain("broker_unavailable");
      scene.proxy?.flow();
      console.log(`${kind.name}, swallowed: back after ${Math.round(await scene.healed())} ms`);
      await scene.finish();
    });

    it("it is not there when the nodes start", { timeout: 60_000 }, async (context) => {
      if (kind.missing !== undefined) notRun(context, `starting without ${kind.name}`, kind.missing);
      const server = await kind.startServer();
      cleanUp.push(() => server?.stop("SIGKILL"));
      await server?.stop();
      const nodes = await Promise.all([1, 2].map(() => startNode(kind, portsOf(server), false)));
      const controls = await Promise.all(nodes.map(({ url }) => Control.of(url)));
      const members = await Promise.all(
        nodes.map(({ url }, index) => Member.join(url, controls[index]?.id ?? "", ROOM)),
      );
      for (const control of controls) await control.ask("load:start", { room: ROOM, count: 1 });
      await sleep(1_000);
      for (const [index, member] of members.entries()) {
        expect(member.after(controls[index]?.id ?? "", 0).length).toBeGreaterThan(50);
      }
      await server?.start();
      const took = await eventually("both nodes reach both members", BACK_WITHIN_MS, () =>
        members.every((member) => controls.every(({ id }) => member.after(id, 0).length > 0)),
      );
      console.log(`${kind.name}, started late: joined after ${Math.round(took)} ms`);
      for (const { child } of nodes) expect(child.exitCode).toBe(null);
    });

    it("a node that stands still is named where members are listed", { timeout: 60_000 }, async (context) => {
      if (kind.missing !== undefined) notRun(context, `a silent node, ${kind.name}`, kind.missing);
      const scene = await new Scene(kind).set();
      const [asker, , frozen] = scene.controls;
      scene.nodes[2]?.child.kill("SIGSTOP");
      const list = await asker?.ask<MemberList>("members", { room: ROOM, timeout: 500 });
      scene.nodes[2]?.child.kill("SIGCONT");
      expect(list?.silent).toEqual([frozen?.id]);
      expect(list?.members.map(({ node }) => node).sort()).toEqual(
        scene.controls
          .slice(0, 2)
          .map(({ id }) => id)
          .sort(),
      );
      await scene.finish();
    });
  });
}
