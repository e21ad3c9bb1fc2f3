// What every broker has to do, with three nodes. Starts nothing itself: a broker brings its fleet.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CarrierBroker, createEmitter } from "../../src/brokers/index.ts";
import type { MemberList, NodeReply, NodesResult } from "../../src/index.ts";
import type { NodeStatus } from "./node-app.ts";
import { Peer } from "./peer.ts";

/** A node that serves the contract's application. */
export interface FleetNode {
  readonly url: string;
  /** Has the node leave, and ends it. */
  stop(): Promise<void>;
}

/** One broker and the nodes that it joins. */
export interface Fleet {
  /** Starts a node; it may still have to find the others. */
  start(): Promise<FleetNode>;
  /** A broker for a program that is no node. */
  broker(): CarrierBroker;
  /** Puts any text on a channel, as a stranger would. */
  publish(channel: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

/** Rooms that a broker could take for the same one, for a pattern, or for the end of a line. */
const HOSTILE_NAMES: readonly string[] = [
  "a.b",
  "a=002eb",
  "a*",
  "*",
  ">",
  "a.>",
  "a.*",
  "[ab]",
  "a?",
  " ",
  "a b",
  "a\r\nb",
  "a\0b",
  "\ud800",
  "\ud801",
  "\ufffd",
  "ä",
  "a\u0308",
  "A",
  "a",
  "__proto__",
  "x".repeat(300),
  "ü".repeat(512),
];

/** Runs the suite over one broker. */
export function brokerContract(name: string, startFleet: () => Promise<Fleet>): void {
  describe(`the broker contract: ${name}`, () => {
    let fleet: Fleet;
    let nodes: readonly FleetNode[];
    let peers: Peer[] = [];
    let rooms = 0;

    /** A client of a node, counted from 0. */
    const client = async (node: number, principal?: string) => {
      const { url } = at(nodes, node);
      const peer = await Peer.open(principal === undefined ? url : `${url}?as=${principal}`);
      peers.push(peer);
      return peer;
    };
    const member = async (node: number, ...names: string[]) => {
      const peer = await client(node);
      for (const room of names) await peer.ask("join", { room });
      return peer;
    };
    const idOf = async (peer: Peer) => String(await peer.ask("whoami"));
    const statusOf = async (peer: Peer) => (await peer.ask("status")) as NodeStatus;
    const newRoom = () => `room-${++rooms}`;
    /** What has arrived, without the answers. */
    const events = (peer: Peer) =>
      peer.got.filter(({ headers }) => headers === undefined).map(({ eventName }) => eventName);
    /** What has arrived before an event that came last. */
    const until = async (peer: Peer, last: string) => {
      await peer.event(last);
      return events(peer);
    };
    let settlings = 0;
    /** Has every node send everybody a last event, and gives the names of those that came before them. */
    const settle = async (...all: Peer[]) => {
      const end = `end ${++settlings} of `;
      const ids = await Promise.all(all.map(idOf));
      for (const node of nodes.keys()) {
        const asker = await client(node);
        for (const id of ids) await asker.ask("sendTo", { id, event: end + node });
      }
      for (const peer of all) for (const node of nodes.keys()) await peer.event(end + node);
      return all.map((peer) => events(peer).filter((eventName) => !eventName.startsWith("end ")));
    };

    beforeAll(async () => {
      fleet = await startFleet();
      nodes = await Promise.all([fleet.start(), fleet.start(), fleet.start()]);
      await known(nodes, 3);
    });
    afterEach(() => {
      for (const peer of peers) peer.close();
      peers = [];
    });
    afterAll(async () => {
      await Promise.all((nodes ?? []).map((node) => node.stop()));
      await fleet?.stop();
    });

    it("gives what is sent to a room to its members on all nodes, once, and to nobody else", async () => {
      const room = newRoom();
      const members = await Promise.all([member(0, room), member(1, room), member(1, room), member(2, room)]);
      const others = await Promise.all([client(0), client(1), member(2, "elsewhere")]);
      const result = await at(members, 0).ask("room:send", { room, event: "news", payload: { text: "grüße 👋" } });
      expect(result).toEqual({ sent: 1, queued: 0, dropped: 0 });
      expect((await at(members, 3).event("news")).payload).toEqual({ text: "grüße 👋" });
      const got = await settle(...members, ...others);
      expect(got).toEqual([...members.map(() => ["news"]), ...others.map(() => [])]);
    });

    it("broadcasts to everyone, once", async () => {
      const everyone = await Promise.all([client(0), client(1), client(2), member(2, newRoom())]);
      await at(everyone, 1).ask("broadcast", { event: "news" });
      expect(await settle(...everyone)).toEqual(everyone.map(() => ["news"]));
    });

    it("gives a member of several rooms that are addressed one copy", async () => {
      const [a, b, c] = [newRoom(), newRoom(), newRoom()];
      const members = await Promise.all([member(0, a, b), member(1, a, b, c), member(2, c), member(1, b)]);
      await at(members, 2).ask("send", { rooms: [a, b, c, a], event: "news" });
      expect(await settle(...members)).toEqual(members.map(() => ["news"]));
    });

    it("reaches the members of very many rooms with one event", async () => {
      const many = Array.from({ length: 40 }, newRoom);
      const members = await Promise.all(
        [0, 1, 2].map((node) => member(node, at(many, node * 13), at(many, node * 13 + 1))),
      );
      await at(members, 0).ask("send", { rooms: many, event: "news" });
      expect(await settle(...members)).toEqual(members.map(() => ["news"]));
    });

    it("leaves out connections, ids and rooms on all nodes", async () => {
      const [room, muted] = [newRoom(), newRoom()];
      const members = await Promise.all([0, 0, 1, 1, 2].map((node) => member(node, room)));
      await at(members, 3).ask("join", { room: muted });
      const id = await idOf(at(members, 4));
      const wish = { rooms: [room], event: "news", exclude: [id, muted], excludeSelf: true };
      await at(members, 0).ask("send", wish);
      await at(members, 2).event("news");
      expect(await settle(...members)).toEqual([[], ["news"], ["news"], [], []]);
    });

    it("finds a connection wherever it lives", async () => {
      const [here, there] = await Promise.all([client(0), client(2)]);
      const results = [
        await here.ask("sendTo", { id: await idOf(here), event: "direct", payload: 1 }),
        await here.ask("sendTo", { id: await idOf(there), event: "direct", payload: 2 }),
      ];
      expect(results).toEqual(["sent", "queued"]);
      expect((await here.event("direct")).payload).toBe(1);
      expect((await there.event("direct")).payload).toBe(2);
      expect(await settle(here, there)).toEqual([["direct"], ["direct"]]);
    });

    it("stays on the node when it is told to", async () => {
      const room = newRoom();
      const members = await Promise.all([member(0, room), member(1, room)]);
      await at(members, 0).ask("send", { rooms: [room], event: "near", local: true });
      await at(members, 0).ask("broadcast", { event: "near", local: true });
      await at(members, 0).ask("send", { rooms: [room], event: "far" });
      expect(await settle(...members)).toEqual([["near", "near", "far"], ["far"]]);
    });

    it("carries to a node only the rooms that have members there", async () => {
      const room = newRoom();
      const [sender, watcher, receiver] = await Promise.all([client(0), client(2), member(1, room)]);
      const before = (await statusOf(watcher)).received;
      for (let index = 0; index < 200; index++) sender.send("room:send", { room, event: "news" });
      const got = (await settle(receiver))[0] ?? [];
      expect(got.filter((event) => event === "news")).toHaveLength(200);
      await settle(watcher);
      const received = (await statusOf(watcher)).received - before;
      console.log(`${name}: a node without members received ${received} records while 200 were published`);
      expect(received).toBeLessThan(50);
    });

    it("goes on carrying a room whose last member left and whose next came, however fast", async () => {
      const [room, sender, hopper] = [newRoom(), await client(0), await client(1)];
      for (let index = 0; index < 30; index++) {
        hopper.send("join", { room });
        hopper.send("leave", { room });
      }
      await hopper.ask("join", { room });
      await sender.ask("room:send", { room, event: "news" });
      expect(await settle(hopper)).toEqual([["news"]]);
    });

    it("keeps the order of room event, direct event, room event, for members here and elsewhere", async () => {
      const room = newRoom();
      const [here, there] = await Promise.all([member(0, room), member(1, room)]);
      const steps = (peer: Peer) => peer.got.filter(({ eventName }) => eventName === "step").map((got) => got.payload);
      const asker = await client(0);
      for (const peer of [here, there]) {
        const id = await idOf(peer);
        const before = steps(peer).length;
        await asker.ask("interleave", { room, id, count: 200 });
        await settle(here, there);
        expect(steps(peer).slice(before)).toEqual(Array.from({ length: 600 }, (_, index) => index));
        const other = peer === here ? there : here;
        expect(steps(other).slice(-400)).toEqual(
          Array.from({ length: 600 }, (_, index) => index).filter((index) => index % 3 !== 1),
        );
      }
    });

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
      const fourth = await fleet.start();
      await known([...nodes, fourth], 4);
      const visitor = await Peer.open(fourth.url);
      const { id } = await statusOf(visitor);
      const room = newRoom();
      await visitor.ask("join", { room });
      await watcher.ask("room:send", { room, event: "welcome" });
      await visitor.event("welcome");
      visitor.close();
      await fourth.stop();
      await known(nodes, 3);
      const { changes } = await statusOf(watcher);
      expect(changes.filter(({ node }) => node === id)).toMatchObject([
        { node: id, change: "joined" },
        { node: id, change: "left" },
      ]);
      expect(await watcher.ask("members", { room })).toEqual({ members: [], silent: [] });
    });

    it("keeps rooms apart whose names a broker could mistake for each other, or for a pattern", async () => {
      const sender = await client(0);
      const members = await Promise.all(HOSTILE_NAMES.map((room) => member(1, room)));
      for (const [index, room] of HOSTILE_NAMES.entries()) {
        await sender.ask("room:send", { room, event: `for ${index}` });
      }
      expect(await settle(...members)).toEqual(HOSTILE_NAMES.map((_, index) => [`for ${index}`]));
    });

    it("carries the largest envelope there may be", async () => {
      const room = newRoom();
      const [receiver, sender] = await Promise.all([member(1, room), client(0)]);
      const text = "ü".repeat(32_500);
      await sender.ask("room:send", { room, event: "large", payload: text });
      expect((await receiver.event("large")).payload).toBe(text);
    });

    it("keeps volatile events for those who are not slow", async () => {
      const room = newRoom();
      const [receiver, sender] = await Promise.all([member(1, room), client(0)]);
      await sender.ask("send", { rooms: [room], event: "cursor", volatile: true });
      expect(await settle(receiver)).toEqual([["cursor"]]);
    });

    it("lets a program without connections send to rooms, to everyone and to one", async () => {
      const room = newRoom();
      const members = await Promise.all([member(0, room), member(1, room), member(2, room)]);
      const emitter = createEmitter(fleet.broker());
      await emitter.room(room).send("news", 1);
      await emitter
        .to(room)
        .except(await idOf(at(members, 1)))
        .send("few", 2, { headers: { from: "cron" } });
      await emitter.broadcast("all", 3);
      await emitter.sendTo(await idOf(at(members, 2)), "one", 4);
      await Promise.all(members.map((peer) => peer.event("all")));
      expect((await at(members, 0).event("few")).headers).toEqual({ from: "cron" });
      await at(members, 2).event("one");
      const seen = members.map((peer) => peer.got.map(({ eventName }) => eventName).filter((one) => EMITTED.has(one)));
      expect(seen).toEqual([
        ["news", "few", "all"],
        ["news", "all"],
        ["news", "few", "all", "one"],
      ]);
      await emitter.close();
    });

    it("takes what a stranger publishes as PROTOCOL.md says, once for each number", async () => {
      const room = newRoom();
      const members = await Promise.all([member(0, room), member(1, room)]);
      const record = (head: object, envelope = '{"eventName":"foreign","payload":1}') =>
        `${JSON.stringify({ v: 1, node: "stranger", kind: "room", rooms: [room], ...head })}\n${envelope}`;
      const channel = `zap.room.${room}`;
      await fleet.publish(channel, record({ seq: 7 }));
      await fleet.publish(channel, record({ seq: 7 }));
      await fleet.publish(channel, record({ seq: 8, rooms: [room], later: { unknown: true } }));
      await fleet.publish("zap.all", record({ kind: "all", exclude: [await idOf(at(members, 1))] }));
      await fleet.publish(channel, record({}, '{"eventName":"last","payload":null}'));
      const got = await Promise.all(members.map((peer) => until(peer, "last")));
      expect(got.map((names) => names.filter((one) => one === "foreign").length)).toEqual([3, 2]);
    });

    it("is changed in nothing by garbage on its channels", async () => {
      const room = newRoom();
      const receiver = await member(1, room);
      const before = await statusOf(receiver);
      const channel = `zap.room.${room}`;
      const head = { v: 1, node: "stranger", kind: "room", rooms: [room] };
      const envelope = '{"eventName":"garbage","payload":1}';
      const records = [
        ...["", "\n", "garbage", "null\n", "[]\n[]", "{}", `{}\n${envelope}`, "\0\x01\x02", `${"[".repeat(100_000)}\n`],
        ...[{ v: 2 }, { v: "1" }, { node: "" }, { node: "a.b" }, { node: 7 }, { kind: "rooms" }, { rooms: room }].map(
          (wrong) => `${JSON.stringify({ ...head, ...wrong })}\n${envelope}`,
        ),
        ...[{ rooms: [] }, { rooms: [""] }, { rooms: [7] }, { exclude: "x" }, { exclude: [null] }, { volatile: 1 }].map(
          (wrong) => `${JSON.stringify({ ...head, ...wrong })}\n${envelope}`,
        ),
        ...[
          { seq: -1 },
          { seq: "1" },
          { seq: 1.5 },
          { seq: null },
          { excludeIds: [{}] },
          { node: "x".repeat(200) },
        ].map((wrong) => `${JSON.stringify({ ...head, ...wrong })}\n${envelope}`),
        ...[
          ...["", "null", "{", '{"eventName":"garbage"}', '{"payload":1}', '{"eventName":"zap:ping","payload":null}'],
          ...['{"eventName":"","payload":1}', '{"eventName":"garbage","payload":1,"headers":null}'],
          '{"eventName":"garbage","payload":1,"headers":{"zap":{"re":"1"}}}',
          `{"eventName":"garbage","payload":"${"x".repeat(65_536)}"}`,
          `{"eventName":"garbage","payload":${"[".repeat(70)}${"]".repeat(70)}}`,
        ].map((text) => `${JSON.stringify(head)}\n${text}`),
        `${JSON.stringify({ v: 1, node: "stranger", kind: "ask", ask: 1, question: "event" })}\nnot JSON`,
        `${JSON.stringify({ v: 1, node: "stranger", kind: "ask", ask: 1, question: "close" })}\n{"room":7}`,
        `${JSON.stringify({ v: 1, node: "stranger", kind: "answer", re: 1, part: 0, parts: 1 })}\nnull`,
      ];
      for (const text of records) await fleet.publish(channel, text);
      await fleet.publish(channel, `${JSON.stringify(head)}\n{"eventName":"good","payload":null}`);
      expect(await until(receiver, "good")).toEqual(["good"]);
      const after = await statusOf(receiver);
      expect({ nodes: [...after.nodes].sort(), errors: after.errors }).toEqual({
        nodes: [...before.nodes].sort(),
        errors: before.errors,
      });
      const refused = total(after) - total(before);
      console.log(`${name}: ${refused} of ${records.length} pieces of garbage were refused:`, after.refused);
      // The last three are well formed, and about nothing.
      expect(refused).toBe(records.length - 3);
    });
  });
}

const EMITTED: ReadonlySet<string> = new Set(["news", "few", "all", "one"]);

/** Resolves when each of the nodes knows so many, itself among them. */
export async function known(nodes: readonly FleetNode[], count: number): Promise<void> {
  for (const { url } of nodes) {
    const peer = await Peer.open(url);
    while (((await peer.ask("status")) as NodeStatus).nodes.length !== count) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    peer.close();
  }
}

function total({ refused }: NodeStatus): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
}
