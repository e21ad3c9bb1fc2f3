// What goes wrong between nodes, with real servers and real processes: nodes that are killed, brokers that stop, freeze,
// or are cut off without a word. Local delivery goes on, and everything comes back; both are counted.
import { describe, expect, it } from "vitest";
import type { MemberList } from "../../src/index.ts";
import type { NodeStatus } from "../contracts/node-app.ts";
import { notRun } from "../support/missing.ts";
import {
  BACK_WITHIN_MS,
  cleanUp,
  type FailureKind,
  portsOf,
  prepareScenes,
  ROOM,
  Scene,
  startNode,
} from "./failure-scene.ts";
import { Control, eventually, faultsIn, Member } from "./load.ts";

const FORGOTTEN_WITHIN_MS = 12_000;
const GOES_ON_WITHIN_MS = 5_000;

/** Runs the failures over one broker. */
export function brokerFailures(kind: FailureKind): void {
  describe(`what goes wrong with ${kind.name}`, () => {
    prepareScenes();

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
      await eventually("each node goes on with its own member", GOES_ON_WITHIN_MS, () =>
        members.every((member, index) => member.after(controls[index]?.id ?? "", 0).length > 50),
      );
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
      const list = await asker?.ask<MemberList>("members", { room: ROOM, timeout: 2_000 });
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
