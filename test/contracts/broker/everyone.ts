// What is done with all members on all nodes, what is known of them, and of the nodes themselves.
import { expect, it } from "vitest";
import type { MemberList, NodeReply, NodesResult } from "../../../src/index.ts";
import { at } from "../../support/at.ts";
import { known } from "../fleet.ts";
import { Peer } from "../peer.ts";
import type { BrokerScene } from "./scene.ts";

/** Moving, closing, listing and asking, wherever they live. */
export function everyoneTests(scene: BrokerScene): void {
  const { client, member, idOf, statusOf, newRoom, settle } = scene;

  it("has all members join another room, which a send that follows finds", async () => {
    const [from, to] = [newRoom(), newRoom()];
    const members = await Promise.all([member(0, from), member(1, from), member(2, from), member(2, from)]);
    const other = await member(1, newRoom());
    const asker = await client(1);
    const result = await asker.ask("joinAll, then send", { room: from, rooms: [to], event: "moved" });
    expect(result).toEqual({ connections: 4, silent: [] } satisfies NodesResult);
    expect(await settle(...members, other)).toEqual([...members.map(() => ["moved"]), []]);
  });

  it("has nobody join a room that the application forbids", async () => {
    const room = newRoom();
    await Promise.all([member(0, room), member(1, room)]);
    const asker = await client(2);
    await asker.ask("joinAll", { room, rooms: ["forbidden"] });
    expect(await asker.ask("members", { room: "forbidden" })).toEqual({ members: [], silent: [] });
  });

  it("has all members leave a room, and a send that follows finds none", async () => {
    const room = newRoom();
    const members = await Promise.all([member(0, room), member(1, room), member(2, room)]);
    const result = await at(members, 1).ask("leaveAll, then send", { room, rooms: [room], event: "lost" });
    expect(result).toEqual({ connections: 3, silent: [] } satisfies NodesResult);
    expect(await settle(...members)).toEqual(members.map(() => []));
  });

  it("closes the connections of all members, and of nobody else", async () => {
    const room = newRoom();
    const members = await Promise.all([member(0, room), member(1, room), member(2, room)]);
    const other = await client(1);
    expect(await other.ask("closeAll", { room })).toEqual({ connections: 3, silent: [] } satisfies NodesResult);
    expect(await Promise.all(members.map((peer) => peer.closed))).toEqual(
      members.map(() => ({ code: 4000, reason: "everybody out" })),
    );
    expect(await other.ask("members", { room })).toEqual({ members: [], silent: [] });
  });

  it("closes the connections of a principal that is revoked, on all nodes, and of nobody else", async () => {
    const revoked = await Promise.all([client(0, "ann"), client(1, "ann"), client(2, "ann")]);
    const others = await Promise.all([client(0, "bob"), client(1)]);
    expect(await at(others, 0).ask("revoke", { id: "ann" })).toBe(1);
    for (const peer of revoked) expect(await peer.closed).toEqual({ code: 4401, reason: "revoked" });
    expect(await settle(...others)).toEqual([[], []]);
  });

  it("lists the members of all nodes, with what they carry", async () => {
    const room = newRoom();
    const peersOf = await Promise.all([client(0), client(1), client(2)]);
    for (const [index, peer] of peersOf.entries()) await peer.ask("join", { room, meta: { index } });
    const { members, silent } = (await at(peersOf, 1).ask("members", { room })) as MemberList;
    const expected = await Promise.all(
      peersOf.map(async (peer, index) => ({
        id: await idOf(peer),
        node: (await statusOf(peer)).id,
        meta: { index },
      })),
    );
    expect([...members].sort(byId)).toEqual(expected.sort(byId));
    expect(silent).toEqual([]);
  });

  it("lists very many members, more than fit into one record", async () => {
    const room = newRoom();
    const meta = "ß👋".repeat(4_000);
    const [asker, ...all] = await Promise.all([client(0), ...Array.from({ length: 30 }, () => client(1))]);
    await Promise.all(all.map((peer) => peer.ask("join", { room, meta })));
    const { members, silent } = (await asker?.ask("members count", { room })) as {
      members: string;
      silent: string[];
    };
    expect([members, silent]).toEqual([`30 of ${meta.length}`, []]);
  });

  it("asks all members on all nodes, and brings back what each answered", async () => {
    const room = newRoom();
    const members = await Promise.all([member(0, room), member(1, room), member(2, room)]);
    const ids = await Promise.all(members.map(idOf));
    const asked = at(members, 0).ask("askRoom", { room, event: "ready?", payload: "now" });
    for (const [index, peer] of members.entries()) {
      const { headers, payload } = await peer.event("ready?");
      expect(payload).toBe("now");
      const re = (headers?.zap as { id: string }).id;
      if (index === 1) peer.send("error", { code: "not_yet", message: "Not yet." }, { zap: { re } });
      else if (index === 2) peer.close();
      else peer.send("ready?", `yes ${index}`, { zap: { re } });
    }
    const answers = (await asked) as { id: string; status: string; reply?: unknown; error?: { code: string } }[];
    const seen = answers.map(({ id, status, reply, error }) => [ids.indexOf(id), status, reply ?? error?.code]);
    expect(seen.sort()).toEqual([
      [0, "answered", "yes 0"],
      [1, "failed", "not_yet"],
      [2, "left", undefined],
    ]);
  });

  it("raises events on the other nodes, and brings back their answers", async () => {
    const asker = await client(0);
    const { id } = await statusOf(asker);
    const others = (
      await Promise.all([client(1), client(2)].map(async (peer) => (await statusOf(await peer)).id))
    ).sort();
    const emit = async (event: string, payload?: unknown, timeout?: number) =>
      ((await asker.ask("emit", { event, payload, timeout })) as NodeReply[]).sort((a, b) =>
        a.node < b.node ? -1 : 1,
      );
    const payload = { list: [1, "zwei", null] };
    expect(await emit("echo", payload)).toEqual(others.map((node) => ({ node, status: "answered", reply: payload })));
    expect(others).not.toContain(id);
    const on_purpose = { code: "on_purpose", message: "It failed on purpose.", details: { why: "to see" } };
    expect(await emit("fail")).toEqual(others.map((node) => ({ node, status: "failed", error: on_purpose })));
    expect(await emit("break")).toMatchObject(others.map(() => ({ status: "failed", error: { code: "internal" } })));
    expect(JSON.stringify(await emit("break"))).not.toContain("not meant");
    expect(await emit("nobody")).toMatchObject(others.map(() => ({ error: { code: "unknown_event" } })));
    const hanging = await emit("hang", others[1], 500);
    expect(hanging).toEqual([
      { node: others[0], status: "answered", reply: "fine" },
      { node: others[1], status: "silent" },
    ]);
  });

  it("tells of nodes that join and leave", async () => {
    const watcher = await client(0);
    const fourth = await scene.fleet.start();
    await known([...scene.nodes, fourth], 4);
    const visitor = await Peer.open(fourth.url);
    const { id } = await statusOf(visitor);
    const room = newRoom();
    await visitor.ask("join", { room });
    await watcher.ask("room:send", { room, event: "welcome" });
    await visitor.event("welcome");
    visitor.close();
    await fourth.stop();
    await known(scene.nodes, 3);
    const { changes } = await statusOf(watcher);
    expect(changes.filter(({ node }) => node === id)).toMatchObject([
      { node: id, change: "joined" },
      { node: id, change: "left" },
    ]);
    expect(await watcher.ask("members", { room })).toEqual({ members: [], silent: [] });
  });
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
