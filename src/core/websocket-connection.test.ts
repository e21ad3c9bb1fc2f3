// What handlers do with a connection: they send by it, close it, and keep what they know of it.
import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { memoryConnection } from "../../test/support/memory-connection.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import { EventRegister } from "../rooms/event-register.ts";

describe("sending", () => {
  it("puts name and payload on the wire, and headers only when there are any", async () => {
    const { peer, connection } = await memoryConnection();
    await connection.send("hello", { a: 1 });
    await connection.send("nothing");
    await connection.send("headed", null, { trace: "t" });
    await connection.send("empty", null, {});
    await flushed();
    expect(peer.transport.texts).toEqual([
      '{"eventName":"hello","payload":{"a":1}}',
      '{"eventName":"nothing","payload":null}',
      '{"eventName":"headed","payload":null,"headers":{"trace":"t"}}',
      '{"eventName":"empty","payload":null}',
    ]);
  });

  it("joins what is sent in one tick into one write", async () => {
    const { peer, connection } = await memoryConnection();
    for (let index = 0; index < 16; index++) void connection.send("tick", index);
    await flushed();
    expect(peer.transport.writes).toHaveLength(1);
    expect(peer.envelopes.map(({ payload }) => payload)).toEqual(Array.from({ length: 16 }, (_, index) => index));
  });

  it("joins the answers to events that came in one tick", async () => {
    const { register, peer } = await memoryConnection();
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    register.onEvent("ask", ({ payload }) => payload);
    for (let index = 0; index < 8; index++) {
      peer.say("echo", index);
      peer.ask(String(index), "ask", index);
    }
    await flushed();
    expect(peer.transport.writes.map((texts) => texts.length)).toEqual([16]);
  });

  it("may send names that a client may not", async () => {
    const { peer, connection, errors } = await memoryConnection();
    await connection.send("connected", 1);
    await connection.send("error", 2);
    await flushed();
    expect(peer.envelopes.map(({ eventName }) => eventName)).toEqual(["connected", "error"]);
    expect(errors).toEqual([]);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  let deep: unknown = 0;
  for (let level = 0; level < 100; level++) deep = [deep];
  const unsendable: readonly [string, [string, unknown?, unknown?], string][] = [
    ["a name that is empty", [""], "invalid_event_name"],
    ["a name that is too long", ["x".repeat(129)], "invalid_event_name"],
    ["a name with a line break", ["a\nb"], "invalid_event_name"],
    ["a name that is no string", [7 as unknown as string], "invalid_event_name"],
    ["a name of the toolkit's own", ["zap:ping"], "reserved_event_name"],
    ["a cycle", ["a", cycle], "unencodable_payload"],
    ["a BigInt", ["a", 1n], "unencodable_payload"],
    ["a function", ["a", () => {}], "unencodable_payload"],
    [
      "a toJSON that throws",
      [
        "a",
        {
          toJSON() {
            throw null;
          },
        },
      ],
      "unencodable_payload",
    ],
    ["a payload that is too deep", ["a", deep], "envelope_too_deep"],
    ["a payload that is too large", ["a", "x".repeat(65_536)], "envelope_too_large"],
    ["headers of the toolkit", ["a", null, { zap: {} }], "invalid_headers"],
    ["headers that are no object", ["a", null, "x"], "invalid_headers"],
  ];

  it.each(unsendable)("fails with a coded error for %s, which error hears of once", async (_what, given, code) => {
    const { peer, connection, errors } = await memoryConnection();
    const [eventName, payload, headers] = given;
    await expect(connection.send(eventName, payload, headers as EnvelopeHeaders)).rejects.toMatchObject({ code });
    await flushed();
    expect(errors).toMatchObject([{ eventName, error: { code } }]);
    expect(peer.transport.texts).toEqual([]);
    expect(connection.status).toBe("open");
  });

  it("says queued above the soft limit, and drops what is volatile", async () => {
    const { peer, connection } = await memoryConnection();
    peer.transport.buffered = 256 * 1024 + 1;
    await expect(connection.send("first")).resolves.toBe("sent");
    await flushed();
    await expect(connection.send("second")).resolves.toBe("queued");
    await expect(connection.send("third", null, {}, { volatile: true })).resolves.toBe("dropped");
    await flushed();
    expect(peer.envelopes.map(({ eventName }) => eventName)).toEqual(["first", "second"]);
    expect(connection.bufferedBytes).toBe(256 * 1024 + 1);
  });

  it("gives a peer up with 4413 above the hard limit, and sends it nothing more", async () => {
    const { register, peer, connection, log } = await memoryConnection();
    const ends: unknown[] = [];
    register.onEvent("disconnected", ({ payload }) => ends.push(payload));
    peer.transport.buffered = 1024 * 1024;
    await connection.send("first");
    await flushed();
    await expect(connection.send("too much")).resolves.toBe("dropped");
    await expect(connection.send("more")).resolves.toBe("dropped");
    await flushed();
    expect(peer.envelopes.map(({ eventName }) => eventName)).toEqual(["first"]);
    expect(peer.transport.endings).toEqual([{ code: 4413, reason: "slow consumer" }]);
    expect(ends).toEqual([{ code: 4413, reason: "slow consumer" }]);
    expect(log.lines).toHaveLength(1);
    expect(register.stats().refused.get(4413)).toBe(1);
  });

  it("does not give up a peer that reads, however much one handler sends", async () => {
    const { peer, connection } = await memoryConnection();
    for (let index = 0; index < 100; index++) await connection.send("big", "x".repeat(50_000));
    await flushed();
    expect(connection.status).toBe("open");
    expect(peer.transport.texts).toHaveLength(100);
  });

  it("lets a handler wait until its peer has caught up", async () => {
    const { peer, connection, clock } = await memoryConnection();
    peer.transport.buffered = 300_000;
    await connection.send("big");
    await flushed();
    let waiting = "yes";
    const drained = connection.drained().then(() => {
      waiting = "no";
    });
    clock.advance(1_000);
    await flushed();
    expect(waiting).toBe("yes");
    peer.transport.buffered = 0;
    clock.advance(50);
    await drained;
    expect(waiting).toBe("no");
  });
});

describe("closing", () => {
  it.each([1000, 1001, 1011, 3000, 3999, 4000, 4999])("sends the code %d", async (code) => {
    const { peer, connection } = await memoryConnection();
    await connection.close(code, "because");
    expect(peer.transport.endings).toEqual([{ code, reason: "because" }]);
  });

  it.each([
    0,
    999,
    1004,
    1005,
    1006,
    1015,
    1016,
    2999,
    5000,
    -1,
    1000.5,
    Number.NaN,
    "1000",
    null,
  ])("refuses the code %j before the socket is touched", async (code) => {
    const { peer, connection, errors } = await memoryConnection();
    await expect(connection.close(code as number)).rejects.toMatchObject({ code: "invalid_close_code" });
    await flushed();
    expect(peer.transport.endings).toEqual([]);
    expect(connection.status).toBe("open");
    expect(errors).toHaveLength(1);
  });

  it("cuts a reason at 123 bytes, at a code point", async () => {
    const { peer, connection } = await memoryConnection();
    await connection.close(4000, "é".repeat(100));
    expect(peer.transport.endings).toEqual([{ code: 4000, reason: "é".repeat(61) }]);
  });

  it("takes whatever it is given for a reason, also what has no text", async () => {
    const { peer, connection } = await memoryConnection();
    const reason: unknown = JSON.parse('{"toString":1,"valueOf":1}');
    await connection.close(4000, reason as string);
    expect(peer.transport.endings).toMatchObject([{ code: 4000, reason: expect.any(String) }]);
  });

  it("lets what was sent before leave first", async () => {
    const { peer, connection } = await memoryConnection();
    void connection.send("last words");
    await connection.close();
    expect(peer.envelopes).toMatchObject([{ eventName: "last words" }]);
  });

  it("closes once", async () => {
    const { peer, connection } = await memoryConnection();
    await Promise.all([connection.close(4001), connection.close(4002), connection.close()]);
    await connection.close(4003);
    expect(peer.transport.endings).toEqual([{ code: 4001, reason: "" }]);
  });

  it("does not answer what handlers return afterwards", async () => {
    const { register, peer, connection } = await memoryConnection();
    const gate = new Gate();
    register.onEvent("slow", async () => {
      await gate.passed;
      return "late";
    });
    peer.ask("1", "slow");
    void connection.close();
    gate.open();
    await peer.processor.startEventStream();
    await flushed();
    expect(peer.transport.texts).toEqual([]);
  });
});

describe("the state of a connection", () => {
  it("is the application's own, and a new one for each connection", async () => {
    const { register } = await memoryConnection();
    const [first, second] = [new MemoryPeer(register), new MemoryPeer(register)];
    first.connection.state.name = "Ada";
    expect(second.connection.state).toEqual({});
    second.connection.state = { name: "Bob" };
    expect(first.connection.state.name).toBe("Ada");
  });

  it("is made by the register where that was told how", async () => {
    let made = 0;
    const register = new EventRegister().withState(() => ({ number: ++made }));
    const peer = new MemoryPeer(register);
    expect(peer.connection.state.number).toBe(1);
    expect(peer.connection.state.number).toBe(1);
    expect(new MemoryPeer(register).connection.state.number).toBe(2);
  });

  it("that cannot be made fails the handler that looks at it, and nothing else", async () => {
    const errors: unknown[] = [];
    const boom = new Error("boom");
    const register = new EventRegister(undefined, {
      state: () => {
        throw boom;
      },
    });
    register.onEvent("error", ({ payload }) => errors.push(payload.error));
    register.onEvent("look", ({ state }) => state);
    const peer = await new MemoryPeer(register).start();
    peer.say("look");
    await flushed();
    expect(errors).toEqual([boom]);
    expect(peer.connection.status).toBe("open");
  });
});
