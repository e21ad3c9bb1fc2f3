// Between a register and a broker: local delivery waits for nobody, records are signed and taken once, and a broker that
// fails is told of and nothing more.
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryCarrier } from "../../test/support/memory-carrier.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import type { DefaultState } from "../core/context.ts";
import type { RegisterOptions } from "../core/register-base.ts";
import type { Untyped } from "../protocol/contract-types.ts";
import { EventRegister } from "../rooms/event-register.ts";
import type { BrokerOptions } from "./broker.ts";
import { createBroker } from "./create-broker.ts";
import { MemoryHub, memoryBroker } from "./memory.ts";
import { signed } from "./signature.ts";

async function node(brokerOptions: BrokerOptions = {}, options: RegisterOptions<Untyped, DefaultState> = {}) {
  const carrier = new MemoryCarrier();
  const errors: string[] = [];
  const register = new EventRegister(undefined, {
    broker: createBroker(carrier, brokerOptions),
    onBrokerError: (error) => errors.push(error.code),
    clock: new ManualClock(),
    ...options,
  });
  carrier.listener.up();
  const peer = await new MemoryPeer(register, { id: "peer" }).start();
  await peer.connection.join("lobby");
  carrier.published.length = 0;
  return { carrier, errors, register, peer, lobby: register.connections.room("lobby") };
}

const names = (peer: { envelopes: { eventName: string }[] }) => peer.envelopes.map(({ eventName }) => eventName);
const record = (head: object, envelope = '{"eventName":"news","payload":1}') =>
  `${JSON.stringify({ v: 1, node: "other", kind: "room", rooms: ["lobby"], ...head })}\n${envelope}`;

describe("local delivery", () => {
  it.each(["refuses", "hangs"] as const)("goes on when the broker %s, and does not wait for it", async (taking) => {
    const { carrier, errors, lobby, peer, register } = await node();
    carrier.taking = taking;
    expect(await lobby.send("news")).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect(await register.connections.broadcast("all")).toEqual({ sent: 1, queued: 0, dropped: 0 });
    await flushed();
    expect(names(peer)).toEqual(["news", "all"]);
    expect(errors).toEqual(taking === "refuses" ? ["broker_unavailable", "broker_unavailable"] : []);
    expect(register.connections.cluster.stats.failed).toBe(errors.length);
  });

  it("keeps room event, direct event and room event in order", async () => {
    const { lobby, peer } = await node();
    lobby.send("one");
    peer.connection.send("two");
    lobby.send("three");
    await flushed();
    expect(names(peer)).toEqual(["one", "two", "three"]);
  });

  it("survives a hook that throws", async () => {
    const onBrokerError = () => {
      throw new Error("on purpose");
    };
    const { carrier, lobby, peer } = await node({}, { onBrokerError });
    carrier.taking = "refuses";
    await lobby.send("news");
    carrier.listener.down(new Error("lost"));
    await flushed();
    expect(names(peer)).toEqual(["news"]);
  });

  it("is all there is with local: true", async () => {
    const { carrier, lobby, register } = await node();
    await lobby.send("news", null, { local: true });
    await register.connections.broadcast("news", null, { local: true });
    await register.connections.to("lobby").except("x").send("news", null, { local: true });
    await lobby.joinAll("hall", { local: true });
    await lobby.listMembers({ local: true });
    expect(carrier.published).toEqual([]);
  });
});

describe("a broker that is slow", () => {
  it("is given no more than 16 MiB to take, and no volatile events beyond 1 MiB", async () => {
    const { carrier, errors, lobby } = await node();
    carrier.taking = "hangs";
    const payload = "x".repeat(60_000);
    for (let index = 0; index < 30; index++) lobby.send("cursor", payload, { volatile: true });
    expect(carrier.published.length).toBe(18);
    for (let index = 0; index < 300; index++) lobby.send("news", payload);
    await flushed();
    const length = carrier.published.reduce((sum, { text }) => sum + text.length, 0);
    expect(length).toBeLessThanOrEqual(16 * 1_048_576);
    expect(length).toBeGreaterThan(16 * 1_048_576 - 61_000);
    expect(new Set(errors)).toEqual(new Set(["broker_overloaded"]));
  });
});

describe("what comes from the broker", () => {
  it("is delivered once, however often and on whatever channels it comes", async () => {
    const { carrier, peer } = await node();
    for (const channel of ["zap.room.lobby", "zap.all", "zap.room.lobby"])
      carrier.listener.receive(channel, record({ seq: 1 }));
    await flushed();
    expect(names(peer)).toEqual(["news"]);
  });

  it("is not delivered when this node published it", async () => {
    const { carrier, lobby, peer, register } = await node();
    await lobby.send("mine");
    for (const { channel, text } of carrier.published) carrier.listener.receive(channel, text);
    await flushed();
    expect(names(peer)).toEqual(["mine"]);
    expect(register.connections.cluster.stats.refused.size).toBe(0);
  });

  it("is framed once for all members of this node", async () => {
    const { carrier, peer, register } = await node();
    const other = await new MemoryPeer(register).start();
    await other.connection.join("lobby");
    carrier.listener.receive("zap.room.lobby", record({ seq: 1 }));
    await flushed();
    const [[shared], [second]] = [peer.transport.shared, other.transport.shared];
    expect(shared).toBeDefined();
    expect(shared).toBe(second);
  });

  it("does nothing after the node has left", async () => {
    const { carrier, peer, register } = await node();
    await register.connections.cluster.leave();
    await register.connections.cluster.leave();
    carrier.listener.receive("zap.room.lobby", record({ seq: 1 }));
    carrier.listener.down(new Error("late"));
    carrier.listener.up();
    await register.connections.room("lobby").send("still here");
    await flushed();
    expect(names(peer)).toEqual(["still here"]);
    expect(carrier.orders.at(-1)).toBe("stop");
    expect(carrier.published.map(({ text }) => text).at(-1)).toContain('"state":"bye"');
  });
});

describe("with a secret", () => {
  const secret = "a key that all nodes share";

  it("records are signed, and those of nodes with the same key are taken", async () => {
    const { carrier, lobby, peer, register } = await node({ secret });
    await lobby.send("mine");
    const [{ text } = { text: "" }] = carrier.published;
    expect(text).toMatch(/^[\w-]{43}\n\{"v":1,/);
    carrier.listener.receive("zap.room.lobby", signed(record({ seq: 1, at: Date.now() }), secret));
    await flushed();
    expect(names(peer)).toEqual(["mine", "news"]);
    expect(register.connections.cluster.stats.refused.size).toBe(0);
  });

  it.each([
    ["unsigned", record({ seq: 1, at: Date.now() })],
    ["signed with another key", signed(record({ seq: 1, at: Date.now() }), "another")],
    ["changed afterwards", signed(record({ seq: 1, at: Date.now() }), secret).replace("news", "lies")],
    ["without a number, so that it could be played back", signed(record({ at: Date.now() }), secret)],
    ["without a time, so that it could be played back later", signed(record({ seq: 1 }), secret)],
    ["over a minute old", signed(record({ seq: 1, at: Date.now() - 61_000 }), secret)],
    // Far enough, for the test comes some time after this.
    ["from the future", signed(record({ seq: 1, at: Date.now() + 120_000 }), secret)],
  ])("a record is refused that is %s", async (_what, text) => {
    const { carrier, peer, register } = await node({ secret });
    carrier.listener.receive("zap.room.lobby", text);
    await flushed();
    expect(names(peer)).toEqual([]);
    expect([...register.connections.cluster.stats.refused.values()]).toEqual([1]);
  });

  it("a record is refused that was recorded and is played back", async () => {
    const { carrier, peer } = await node({ secret });
    const text = signed(record({ seq: 1, at: Date.now() }), secret);
    for (let time = 0; time < 3; time++) carrier.listener.receive("zap.room.lobby", text);
    await flushed();
    expect(names(peer)).toEqual(["news"]);
  });

  it("nodes without it are deaf and mute", async () => {
    const hub = new MemoryHub();
    const registers = [secret, secret, undefined].map(
      (key) =>
        new EventRegister(undefined, { broker: memoryBroker({ hub, ...(key === undefined ? {} : { secret: key }) }) }),
    );
    await Promise.all(registers.map((register) => register.connections.cluster.ready()));
    await flushed();
    expect(registers.map((register) => register.connections.cluster.nodes().length)).toEqual([2, 2, 1]);
    await Promise.all(registers.map((register) => register.connections.cluster.leave()));
  });
});

describe("a broker's options", () => {
  it("are refused when they cannot be part of a channel, or protect nothing", () => {
    for (const wrong of [{ name: "a.b" }, { name: "" }, { node: "*" }, { secret: "" }]) {
      expect(() => createBroker(new MemoryCarrier(), wrong)).toThrow(
        expect.objectContaining({ code: "invalid_argument" }),
      );
    }
  });

  it("are of one register: a second one cannot have the same broker", () => {
    const broker = memoryBroker();
    new EventRegister(undefined, { broker });
    expect(() => new EventRegister(undefined, { broker })).toThrow(expect.objectContaining({ code: "broker_in_use" }));
  });

  it("keep applications apart that use the same broker", async () => {
    const hub = new MemoryHub();
    const registers = ["one", "two"].map(
      (name) => new EventRegister(undefined, { broker: memoryBroker({ hub, name }) }),
    );
    await Promise.all(registers.map((register) => register.connections.cluster.ready()));
    await flushed();
    expect(registers.map((register) => register.connections.cluster.nodes().length)).toEqual([1, 1]);
    await Promise.all(registers.map((register) => register.connections.cluster.leave()));
  });
});

describe("without a broker", () => {
  it("a register is a node alone, and everything about nodes works", async () => {
    const register = new EventRegister();
    const peer = await new MemoryPeer(register).start();
    await peer.connection.join("lobby", { name: "ann" });
    const { cluster } = register.connections;
    await cluster.ready();
    expect(cluster.nodes()).toEqual([cluster.id]);
    expect(await cluster.emit("anything", 1)).toEqual([]);
    expect(cluster.stats).toEqual({ published: 0, received: 0, failed: 0, refused: new Map() });
    const lobby = register.connections.room("lobby");
    expect(await lobby.listMembers()).toEqual({
      members: [{ id: peer.connection.id, node: cluster.id, meta: { name: "ann" } }],
      silent: [],
    });
    expect(await lobby.joinAll(["hall", "yard"])).toEqual({ connections: 1, silent: [] });
    expect(peer.connection.rooms).toEqual(["lobby", "hall", "yard"]);
    expect(await lobby.leaveAll("lobby")).toEqual({ connections: 1, silent: [] });
    expect(await register.connections.sendTo("nobody", "news")).toBe("dropped");
    await cluster.leave();
  });

  it("handlers of node events are one for each event, and can be taken out", () => {
    const { cluster } = new EventRegister().connections;
    const remove = cluster.onEvent("reload", () => {});
    expect(() => cluster.onEvent("reload", () => {})).toThrow(expect.objectContaining({ code: "duplicate_handler" }));
    expect(() => cluster.onEvent("", () => {})).toThrow(expect.objectContaining({ code: "invalid_event_name" }));
    remove();
    cluster.onEvent("reload", () => {});
  });
});
