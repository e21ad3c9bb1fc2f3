import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import type { Limits } from "../protocol/limits.ts";
import { EventRegister } from "../rooms/event-register.ts";

async function setUp(limits: Partial<Limits> = {}) {
  const clock = new ManualClock();
  const errors: { eventName: string; error: unknown }[] = [];
  const log = new MemoryLog();
  const register = new EventRegister(undefined, { clock, limits, logger: log });
  register.onEvent("error", ({ payload }) => errors.push(payload));
  const peer = await new MemoryPeer(register).start();
  return { clock, errors, log, register, peer, connection: peer.connection };
}

describe("sending", () => {
  it("puts name and payload on the wire, and headers only when there are any", async () => {
    const { peer, connection } = await setUp();
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
    const { peer, connection } = await setUp();
    for (let index = 0; index < 16; index++) void connection.send("tick", index);
    await flushed();
    expect(peer.transport.writes).toHaveLength(1);
    expect(peer.envelopes.map(({ payload }) => payload)).toEqual(Array.from({ length: 16 }, (_, index) => index));
  });

  it("joins the answers to events that came in one tick", async () => {
    const { register, peer } = await setUp();
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
    const { peer, connection, errors } = await setUp();
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
    const { peer, connection, errors } = await setUp();
    const [eventName, payload, headers] = given;
    await expect(connection.send(eventName, payload, headers as EnvelopeHeaders)).rejects.toMatchObject({ code });
    await flushed();
    expect(errors).toMatchObject([{ eventName, error: { code } }]);
    expect(peer.transport.texts).toEqual([]);
    expect(connection.status).toBe("open");
  });

  it("says queued above the soft limit, and drops what is volatile", async () => {
    const { peer, connection } = await setUp();
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
    const { register, peer, connection, log } = await setUp();
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
    const { peer, connection } = await setUp();
    for (let index = 0; index < 100; index++) await connection.send("big", "x".repeat(50_000));
    await flushed();
    expect(connection.status).toBe("open");
    expect(peer.transport.texts).toHaveLength(100);
  });

  it("lets a handler wait until its peer has caught up", async () => {
    const { peer, connection, clock } = await setUp();
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

describe("asking", () => {
  it("resolves with the answer, whatever it is", async () => {
    const { peer, connection } = await setUp();
    const answers = [0, false, null, "", { a: 1 }];
    const asked = answers.map(() => connection.request("ask", "?"));
    await flushed();
    expect(peer.envelopes.map(({ headers }) => headers?.zap)).toEqual(
      answers.map((_, index) => ({ id: String(index + 1) })),
    );
    // In another order than they were asked.
    for (const index of [3, 0, 4, 2, 1]) peer.answer(String(index + 1), "ask", answers[index]);
    await expect(Promise.all(asked)).resolves.toEqual(answers);
  });

  it("may be waited for inside a handler of the same connection", async () => {
    const { register, peer } = await setUp();
    const seen: unknown[] = [];
    register.onEvent("start", async ({ connection }) => {
      seen.push(await connection.request("confirm", "sure?"));
    });
    register.onEvent("later", () => seen.push("later"));
    peer.say("start");
    peer.say("later");
    await flushed();
    expect(seen).toEqual([]);
    peer.answer("1", "confirm", "yes");
    await flushed();
    expect(seen).toEqual(["yes", "later"]);
  });

  it("rejects with the code the peer answered, and takes nothing else of it on trust", async () => {
    const { peer, connection } = await setUp();
    const asked = connection.request("ask");
    peer.answer("1", "error", { code: "no_idea", message: "?", details: { a: 1 }, stack: "evil" });
    await expect(asked).rejects.toMatchObject({ name: "ZapError", code: "no_idea", message: "?", details: { a: 1 } });
  });

  it("does not tell another requester what a peer failed with", async () => {
    const { register, peer } = await setUp();
    register.onEvent("start", ({ connection }) => connection.request("confirm"));
    peer.ask("a", "start");
    await flushed();
    peer.answer("1", "error", { code: "secret", message: "of this peer" });
    await flushed();
    expect(peer.envelopes.at(-1)).toMatchObject({ payload: { code: "internal" }, headers: { zap: { re: "a" } } });
  });

  it("times out at its time and not before; a late answer changes nothing", async () => {
    const { peer, connection, clock } = await setUp();
    const outcome: string[] = [];
    const asked = connection.request("ask", null, { timeout: 500 }).catch((error) => outcome.push(error.code));
    clock.advance(499);
    await flushed();
    expect(outcome).toEqual([]);
    clock.advance(1);
    await asked;
    peer.answer("1", "ask", "late");
    expect(outcome).toEqual(["timeout"]);
    expect(connection.status).toBe("open");
  });

  it("waits 10 seconds where nothing else is said, and not at all with a timeout of 0", async () => {
    const { peer, connection, clock } = await setUp();
    const asked = connection.request("ask");
    await expect(connection.request("ask", null, { timeout: 0 })).rejects.toMatchObject({ code: "timeout" });
    clock.advance(10_000);
    await expect(asked).rejects.toMatchObject({ code: "timeout" });
    await flushed();
    expect(peer.transport.texts).toHaveLength(1);
  });

  it("gives up when its signal aborts", async () => {
    const { connection } = await setUp();
    const controller = new AbortController();
    const asked = connection.request("ask", null, { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: "cancelled" });
    await expect(connection.request("ask", null, { signal: controller.signal })).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it("fails at once for all that is open when the peer leaves", async () => {
    const { peer, connection, clock } = await setUp({ heartbeatMs: Number.POSITIVE_INFINITY });
    const asked = [1, 2, 3].map((payload) => connection.request("ask", payload));
    peer.leave(1006);
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: "disconnected" });
    await expect(connection.request("ask")).rejects.toMatchObject({ code: "disconnected" });
    expect(clock.timers).toBe(0);
  });

  it("fails at once when the connection is being closed from here", async () => {
    const { register } = await setUp();
    const peer = await new MemoryPeer(register, {}, "silent").start();
    const asked = peer.connection.request("ask");
    void peer.connection.close();
    await expect(asked).rejects.toMatchObject({ code: "disconnected" });
  });

  it("is bounded, and free again when answers came", async () => {
    const { peer, connection, clock } = await setUp({ pendingRequests: 2, heartbeatMs: Number.POSITIVE_INFINITY });
    const asked = [1, 2].map((payload) => connection.request("ask", payload));
    await expect(connection.request("ask")).rejects.toMatchObject({ code: "too_many_requests" });
    peer.answer("1", "ask", "one");
    await asked[0];
    const third = connection.request("ask");
    peer.answer("3", "ask", "three");
    peer.answer("2", "ask", "two");
    await expect(third).resolves.toBe("three");
    await expect(asked[1]).resolves.toBe("two");
    expect(clock.timers).toBe(0);
  });

  it("takes no forged, repeated or misnamed answer", async () => {
    const { register, peer, connection } = await setUp();
    const seen: unknown[] = [];
    register.onEvent("ask", () => seen.push("ask"));
    peer.answer("1", "ask", "nobody has asked");
    const asked = connection.request("ask");
    peer.answer("2", "ask", "forged");
    peer.answer("__proto__", "ask", "forged");
    peer.answer("1", "other", "misnamed");
    peer.answer("1", "ask", "right");
    peer.answer("1", "ask", "repeated");
    peer.answer("1", "error", { code: "repeated" });
    await expect(asked).resolves.toBe("right");
    await flushed();
    expect(seen).toEqual([]);
    expect(connection.status).toBe("open");
    expect(register.stats()).toMatchObject({ events: 0, unknownEvents: 0, errors: 0 });
  });

  it("does not take an answer from another connection", async () => {
    const { register, connection } = await setUp();
    const stranger = await new MemoryPeer(register).start();
    const asked = connection.request("ask", null, { timeout: 500 });
    stranger.answer("1", "ask", "forged");
    await flushed();
    let settled = "no";
    asked.then(
      () => {
        settled = "yes";
      },
      () => {},
    );
    await flushed();
    expect(settled).toBe("no");
  });

  it("fails with a coded error for what cannot be sent, and frees its place", async () => {
    const { connection, clock } = await setUp({ pendingRequests: 1, heartbeatMs: Number.POSITIVE_INFINITY });
    await expect(connection.request("ask", 1n)).rejects.toMatchObject({ code: "unencodable_payload" });
    await expect(connection.request("zap:ping")).rejects.toMatchObject({ code: "reserved_event_name" });
    await expect(connection.request("")).rejects.toMatchObject({ code: "invalid_event_name" });
    await expect(connection.request("ask", null, { timeout: -1 })).rejects.toMatchObject({ code: "invalid_argument" });
    expect(clock.timers).toBe(0);
  });
});

describe("closing", () => {
  it.each([1000, 1001, 1011, 3000, 3999, 4000, 4999])("sends the code %d", async (code) => {
    const { peer, connection } = await setUp();
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
    const { peer, connection, errors } = await setUp();
    await expect(connection.close(code as number)).rejects.toMatchObject({ code: "invalid_close_code" });
    await flushed();
    expect(peer.transport.endings).toEqual([]);
    expect(connection.status).toBe("open");
    expect(errors).toHaveLength(1);
  });

  it("cuts a reason at 123 bytes, at a code point", async () => {
    const { peer, connection } = await setUp();
    await connection.close(4000, "é".repeat(100));
    expect(peer.transport.endings).toEqual([{ code: 4000, reason: "é".repeat(61) }]);
  });

  it("takes whatever it is given for a reason, also what has no text", async () => {
    const { peer, connection } = await setUp();
    const reason: unknown = JSON.parse('{"toString":1,"valueOf":1}');
    await connection.close(4000, reason as string);
    expect(peer.transport.endings).toMatchObject([{ code: 4000, reason: expect.any(String) }]);
  });

  it("lets what was sent before leave first", async () => {
    const { peer, connection } = await setUp();
    void connection.send("last words");
    await connection.close();
    expect(peer.envelopes).toMatchObject([{ eventName: "last words" }]);
  });

  it("closes once", async () => {
    const { peer, connection } = await setUp();
    await Promise.all([connection.close(4001), connection.close(4002), connection.close()]);
    await connection.close(4003);
    expect(peer.transport.endings).toEqual([{ code: 4001, reason: "" }]);
  });

  it("does not answer what handlers return afterwards", async () => {
    const { register, peer, connection } = await setUp();
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
    const { register } = await setUp();
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
