// What a broker carries: rooms with any name, envelopes of any size, and what others put on its channels.
import { expect, it } from "vitest";
import { createEmitter } from "../../../src/brokers/index.ts";
import { at } from "../../support/at.ts";
import type { NodeStatus } from "../node-app.ts";
import type { BrokerScene } from "./scene.ts";

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

const EMITTED: ReadonlySet<string> = new Set(["news", "few", "all", "one"]);

/** Names, sizes, programs without connections, strangers and garbage. */
export function channelTests(scene: BrokerScene): void {
  const { client, member, idOf, statusOf, newRoom, until, settle } = scene;

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
    const emitter = createEmitter(scene.fleet.broker());
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
    await scene.fleet.publish(channel, record({ seq: 7 }));
    await scene.fleet.publish(channel, record({ seq: 7 }));
    await scene.fleet.publish(channel, record({ seq: 8, rooms: [room], later: { unknown: true } }));
    await scene.fleet.publish("zap.all", record({ kind: "all", exclude: [await idOf(at(members, 1))] }));
    await scene.fleet.publish(channel, record({}, '{"eventName":"last","payload":null}'));
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
      ...[{ seq: -1 }, { seq: "1" }, { seq: 1.5 }, { seq: null }, { excludeIds: [{}] }, { node: "x".repeat(200) }].map(
        (wrong) => `${JSON.stringify({ ...head, ...wrong })}\n${envelope}`,
      ),
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
    for (const text of records) await scene.fleet.publish(channel, text);
    await scene.fleet.publish(channel, `${JSON.stringify(head)}\n{"eventName":"good","payload":null}`);
    expect(await until(receiver, "good")).toEqual(["good"]);
    const after = await statusOf(receiver);
    expect({ nodes: [...after.nodes].sort(), errors: after.errors }).toEqual({
      nodes: [...before.nodes].sort(),
      errors: before.errors,
    });
    const refused = total(after) - total(before);
    console.log(`${scene.name}: ${refused} of ${records.length} pieces of garbage were refused:`, after.refused);
    // The last three are well formed, and about nothing.
    expect(refused).toBe(records.length - 3);
  });
}

function total({ refused }: NodeStatus): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}
