// The way of one peer into a register and out of it again: before it is known, while it is, and when that ends.
import { describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, HANDSHAKE, MemoryPeer } from "../../test/support/memory-peer.ts";
import type { Untyped } from "../protocol/contract-types.ts";
import { HELLO_TEXT, PING_TEXT, PONG_TEXT } from "../protocol/control.ts";
import { EventRegister } from "../rooms/event-register.ts";
import { Admitted } from "./admission-verdict.ts";
import type { Authenticate, Authenticated } from "./authentication.ts";
import type { DefaultState } from "./context.ts";
import type { RegisterOptions } from "./register-base.ts";
import type { Handshake } from "./transport.ts";

const ANN = { id: "ann" };

const withHeaders = (headers: Record<string, string>): Handshake => {
  const given = new Headers(headers);
  return { ...HANDSHAKE, headers: { get: (name) => given.get(name) } };
};

/** A register that keeps what happened, and whose application answers when the test lets it. */
function setUp(options: RegisterOptions<Untyped, DefaultState> = {}) {
  const log = new MemoryLog();
  const clock = new ManualClock();
  const seen: unknown[] = [];
  const register = new EventRegister(undefined, { logger: log, clock, ...options });
  register.onEvent("connected", ({ connection }) => seen.push(["connected", connection.principal?.id]));
  register.onEvent("disconnected", ({ payload }) => seen.push(["disconnected", payload.code]));
  register.onEvent("say", ({ payload, connection }) => seen.push([payload, connection.principal?.id]));
  return { log, clock, register, seen };
}

/** An `authenticate` that is answered by hand. */
function questions() {
  const asked: { token: string | undefined; signal: AbortSignal; answer: (answer: Authenticated) => void }[] = [];
  const authenticate: Authenticate = ({ token, signal }) =>
    new Promise((answer) => {
      asked.push({ token, signal, answer });
    });
  return { asked, authenticate };
}

/** Takes "good" and "better" for Ann's tokens, "bob" for Bob's, and nothing else. */
const byToken: Authenticate = ({ token }) => {
  if (token === "bob") return { id: "bob" };
  return token === "good" || token === "better" ? { ...ANN, token } : undefined;
};

const auth = (peer: { say(name: string, payload: unknown): void }, token: unknown) => peer.say("zap:auth", { token });
const gated = { authenticate: byToken, authenticateLater: true };

async function gatedPeer(options: RegisterOptions<Untyped, DefaultState> = {}) {
  const parts = setUp({ ...gated, ...options });
  const peer = await new MemoryPeer(parts.register).start();
  return { ...parts, peer };
}

describe("a socket that was upgraded without asking", () => {
  it("is closed with 4403 for a foreign origin, before anything is handled", async () => {
    const { register, seen } = setUp();
    const peer = new MemoryPeer(register, {}, "answers", withHeaders({ origin: "https://evil.example", host: "here" }));
    peer.say("say", 1);
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 4403, reason: "origin" }]);
    expect(seen).toEqual([]);
    expect(register.stats()).toMatchObject({ connections: 0, rejected: new Map([["origin", 1]]) });
  });

  it("is closed with 1013 when there is no place left, which is free again after a close", async () => {
    const { register } = setUp({ limits: { connections: 1 } });
    const first = await new MemoryPeer(register).start();
    const second = await new MemoryPeer(register).start();
    expect(second.transport.endings).toMatchObject([{ code: 1013 }]);
    first.leave();
    const third = await new MemoryPeer(register).start();
    expect(third.connection.status).toBe("open");
  });

  it("has its events wait until it is known; nobody finds it and no broadcast reaches it before", async () => {
    const { asked, authenticate } = questions();
    const { register, seen } = setUp({ authenticate });
    const peer = await new MemoryPeer(register).start();
    peer.say("say", 1);
    register.connections.broadcast("news");
    await flushed();
    expect(seen).toEqual([]);
    expect(register.connections.size).toBe(0);
    expect(peer.envelopes).toEqual([]);
    asked[0]?.answer(ANN);
    await flushed();
    peer.say("say", 2);
    expect(seen).toEqual([
      ["connected", "ann"],
      [1, "ann"],
      [2, "ann"],
    ]);
    expect(register.connections.size).toBe(1);
  });

  it("is closed with 4401 when nobody knows it; its events are never handled", async () => {
    const { asked, authenticate } = questions();
    const { register, seen } = setUp({ authenticate });
    const peer = await new MemoryPeer(register).start();
    peer.say("say", 1);
    asked[0]?.answer(undefined);
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 4401, reason: "unauthenticated" }]);
    expect(seen).toEqual([]);
  });

  it("leaves nothing behind when it goes while it is asked about", async () => {
    const { asked, authenticate } = questions();
    const { register, seen, clock } = setUp({ authenticate, limits: { connections: 1 } });
    const peer = await new MemoryPeer(register).start();
    const ended = peer.processor.startEventStream();
    peer.leave(1006);
    expect(asked[0]?.signal.aborted).toBe(true);
    await ended;
    asked[0]?.answer(ANN);
    await flushed();
    expect(seen).toEqual([]);
    expect(clock.timers).toBe(0);
    expect(register.connections.size).toBe(0);
    const next = new MemoryPeer(register);
    expect(next.transport.endings).toEqual([]);
  });

  it("is judged again where another register let it in", async () => {
    const admitted = setUp().register.admit({ ...HANDSHAKE, secure: false });
    const { register } = setUp({ authenticate: () => undefined });
    const peer = await new MemoryPeer(register, {}, "answers", admitted as Admitted).start();
    expect(admitted).toBeInstanceOf(Admitted);
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
  });

  it("is who its caller says, without asking", async () => {
    const authenticate = vi.fn(() => undefined);
    const { register, seen } = setUp({ authenticate });
    await new MemoryPeer(register, { principal: { id: "bob" } }).start();
    expect(seen).toEqual([["connected", "bob"]]);
    expect(authenticate).not.toHaveBeenCalled();
  });

  it("is closed with 4409 when its id was taken while it was asked about", async () => {
    const { asked, authenticate } = questions();
    const { register } = setUp({ authenticate });
    const slow = await new MemoryPeer(register, { id: "seat" }).start();
    const quick = await new MemoryPeer(register, { id: "seat", principal: ANN }).start();
    asked[0]?.answer(ANN);
    await flushed();
    expect(slow.transport.endings).toMatchObject([{ code: 4409 }]);
    expect(register.connections.get("seat")).toBe(quick.connection);
  });
});

describe("a peer that has to send its token first", () => {
  it("is closed with 4401 for any event before it, which is not handled", async () => {
    const { peer, seen } = await gatedPeer();
    peer.say("say", 1);
    auth(peer, "good");
    await flushed();
    expect(peer.transport.endings).toEqual([{ code: 4401, reason: "not authenticated" }]);
    expect(seen).toEqual([]);
  });

  it("is closed with 4401 for a request, and for an answer to nothing", async () => {
    const one = await gatedPeer();
    one.peer.ask("1", "say");
    expect(one.peer.transport.endings).toMatchObject([{ code: 4401 }]);
    const other = await gatedPeer();
    other.peer.answer("1", "say", null);
    expect(other.peer.transport.endings).toMatchObject([{ code: 4401 }]);
  });

  it("may say hello and ask whether anybody is there", async () => {
    const { peer } = await gatedPeer();
    peer.processor.receive(HELLO_TEXT);
    peer.processor.receive(PING_TEXT);
    await flushed();
    expect(peer.envelopes[0]).toMatchObject({ eventName: "zap:welcome" });
    expect(peer.transport.texts[1]).toBe(PONG_TEXT);
  });

  it("is in with a good token; what it sent behind the token is handled after connected, in order", async () => {
    const { peer, seen, register } = await gatedPeer();
    expect(register.connections.size).toBe(0);
    auth(peer, "good");
    peer.say("say", 1);
    peer.say("say", 2);
    await flushed();
    expect(seen).toEqual([
      ["connected", "ann"],
      [1, "ann"],
      [2, "ann"],
    ]);
  });

  it.each([["bad"], [7], [""], [null], ["x".repeat(8_193)]])("is closed with 4401 for the token %j", async (token) => {
    const { peer, seen } = await gatedPeer();
    auth(peer, token);
    await flushed();
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
    expect(seen).toEqual([]);
  });

  it("is closed with 4408 after authenticationMs, not earlier, also when its token is still looked at", async () => {
    const { asked, authenticate } = questions();
    const { clock, register } = setUp({ authenticate, authenticateLater: true, limits: { authenticationMs: 100 } });
    const admission = register.admit({ ...HANDSHAKE, secure: false });
    asked[0]?.answer(undefined);
    const peer = await new MemoryPeer(register, {}, "answers", (await admission) as Admitted).start();
    clock.advance(99);
    auth(peer, "slow");
    expect(peer.connection.status).toBe("open");
    clock.advance(1);
    expect(peer.transport.endings).toEqual([{ code: 4408, reason: "not authenticated in time" }]);
    expect(asked[1]?.signal.aborted).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it("is closed with 4429 for a second token while the first is looked at: asking costs", async () => {
    const { peer } = await gatedPeer();
    auth(peer, "good");
    auth(peer, "good");
    expect(peer.transport.endings).toMatchObject([{ code: 4429 }]);
  });

  it("may send it while it is not yet known that one is needed", async () => {
    const { register, seen } = setUp(gated);
    const peer = new MemoryPeer(register);
    auth(peer, "good");
    peer.say("say", 1);
    peer.processor.startEventStream();
    await flushed();
    expect(seen).toEqual([
      ["connected", "ann"],
      [1, "ann"],
    ]);
  });

  it("is closed with 4401 for an event in front of its token, also while it is not yet known that one is needed", async () => {
    const { register, seen } = setUp(gated);
    const peer = new MemoryPeer(register);
    peer.say("say", 1);
    auth(peer, "good");
    peer.processor.startEventStream();
    await flushed();
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
    expect(seen).toEqual([]);
  });

  it.each([
    ["4429 for a second token", ["bad", "good"], 4429],
    ["4401 for a token that is none", [7], 4401],
  ])("is closed with %s, also while it is not yet known that one is needed", async (_what, tokens, code) => {
    const { register, seen } = setUp(gated);
    const peer = new MemoryPeer(register);
    for (const token of tokens) auth(peer, token);
    peer.processor.startEventStream();
    await flushed();
    expect(peer.transport.endings).toMatchObject([{ code }]);
    expect(seen).toEqual([]);
  });

  it("is closed with 4401 for an event that came while it was not yet known that a token is needed", async () => {
    const { register, seen } = setUp(gated);
    const peer = new MemoryPeer(register);
    peer.say("say", 1);
    peer.processor.startEventStream();
    await flushed();
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
    expect(seen).toEqual([]);
  });
});

describe("a token that runs out", () => {
  const lasting =
    (ms: number): Authenticate =>
    ({ token = "" }) => ({ id: token.split("-")[0] || "ann", token, expiresAt: Date.now() + ms });

  async function expiring(ms: number) {
    // Otherwise a peer that says nothing for that long would be given up.
    const limits = { heartbeatMs: Number.POSITIVE_INFINITY };
    const parts = setUp({ authenticate: lasting(ms), limits });
    const peer = await new MemoryPeer(parts.register).start();
    peer.processor.receive(HELLO_TEXT);
    await flushed();
    peer.transport.writes.length = 0;
    return { ...parts, peer };
  }

  it("is asked for again when a fifth of its time is left, at most a minute before", async () => {
    const short = await expiring(10_000);
    short.clock.advance(7_900);
    await flushed();
    expect(short.peer.envelopes).toEqual([]);
    short.clock.advance(200);
    await flushed();
    expect(short.peer.transport.texts).toEqual(['{"eventName":"zap:auth","payload":null}']);
    const long = await expiring(3_600_000);
    long.clock.advance(3_600_000 - 61_000);
    await flushed();
    expect(long.peer.transport.texts).not.toContain('{"eventName":"zap:auth","payload":null}');
    long.clock.advance(1_100);
    await flushed();
    expect(long.peer.transport.texts).toContain('{"eventName":"zap:auth","payload":null}');
  });

  it("ends the connection with 4401", async () => {
    const { clock, peer, seen } = await expiring(10_000);
    clock.advance(9_900);
    expect(peer.connection.status).toBe("open");
    clock.advance(200);
    await flushed();
    expect(peer.transport.endings).toEqual([{ code: 4401, reason: "the token has expired" }]);
    expect(seen.at(-1)).toEqual(["disconnected", 4401]);
    expect(clock.timers).toBe(0);
  });

  it("is replaced by a new one on the live connection, and who it is is read live", async () => {
    const { clock, peer, register } = await expiring(10_000);
    const { connection } = peer;
    const before = connection.principal;
    clock.advance(9_000);
    auth(peer, "ann-2");
    await flushed();
    expect(connection.principal).toMatchObject({ id: "ann", token: "ann-2" });
    expect(connection.principal).not.toBe(before);
    clock.advance(9_000);
    expect(connection.status).toBe("open");
    expect(register.connections.size).toBe(1);
  });

  it("goes on being good while a new one is looked at, and no longer", async () => {
    const { asked, authenticate } = questions();
    const { clock, register, seen } = setUp({ authenticate });
    const peer = await new MemoryPeer(register).start();
    asked[0]?.answer({ ...ANN, expiresAt: Date.now() + 1_000 });
    await flushed();
    auth(peer, "next");
    peer.say("say", 1);
    expect(seen.at(-1)).toEqual([1, "ann"]);
    clock.advance(1_100);
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
    expect(asked[1]?.signal.aborted).toBe(true);
  });

  it("cannot be replaced by somebody else's: 4403", async () => {
    const { peer } = await expiring(10_000);
    auth(peer, "bob-1");
    await flushed();
    expect(peer.transport.endings).toEqual([{ code: 4403, reason: "another principal" }]);
  });

  it("may be good for longer than any timer", async () => {
    const month = 31 * 24 * 3_600_000;
    const { clock, peer } = await expiring(month);
    peer.transport.writes.length = 0;
    clock.advance(month - 120_000);
    await flushed();
    expect(peer.transport.texts).toEqual([]);
    expect(peer.connection.status).toBe("open");
    clock.advance(61_000);
    await flushed();
    expect(peer.transport.texts).toHaveLength(1);
    clock.advance(60_000);
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
  });

  it("is passed over where nobody authenticates", async () => {
    const { register } = setUp();
    const peer = await new MemoryPeer(register).start();
    auth(peer, "anything");
    auth(peer, "anything");
    expect(peer.connection.status).toBe("open");
  });
});

describe("revoke", () => {
  it("closes all connections of a principal with 4401, and nobody else's", async () => {
    const { register } = setUp();
    const [one, two, other, nobody] = await Promise.all(
      [{ principal: ANN }, { principal: ANN }, { principal: { id: "bob" } }, {}].map((options) =>
        new MemoryPeer(register, options).start(),
      ),
    );
    expect(register.connections.revoke("ann")).toBe(2);
    for (const peer of [one, two]) expect(peer?.transport.endings).toEqual([{ code: 4401, reason: "revoked" }]);
    for (const peer of [other, nobody]) expect(peer?.transport.endings).toEqual([]);
    expect(register.connections.revoke("ann")).toBe(0);
  });
});

describe("authorize", () => {
  const onlyAnn = setUpAuthorize(({ connection }) => connection.principal?.id === "ann");

  function setUpAuthorize(authorize: NonNullable<RegisterOptions<Untyped, DefaultState>["authorize"]>) {
    return async (id: string) => {
      const parts = setUp({ authorize });
      const errors: unknown[] = [];
      parts.register.onEvent("error", ({ payload }) => errors.push(payload.error));
      parts.register.onEvent("ask", () => "answer");
      const peer = await new MemoryPeer(parts.register, { principal: { id } }).start();
      return { ...parts, peer, errors };
    };
  }

  it("lets events through for true, and is not asked about what the library raises", async () => {
    const { peer, seen } = await onlyAnn("ann");
    peer.say("say", 1);
    peer.leave();
    await flushed();
    expect(seen).toEqual([
      ["connected", "ann"],
      [1, "ann"],
      ["disconnected", 1000],
    ]);
  });

  it.each([
    ["false", () => false],
    ["a promise of false", async () => false],
    ["what is not true", () => 1 as unknown as boolean],
  ])("refuses an event for %s with forbidden; the connection lives", async (_what, authorize) => {
    const { peer, seen, errors } = await setUpAuthorize(authorize)("bob");
    peer.say("say", 1);
    peer.ask("1", "ask");
    await flushed();
    expect(seen).toEqual([["connected", "bob"]]);
    expect(peer.envelopes).toMatchObject([{ eventName: "error", payload: { code: "forbidden" } }]);
    expect(errors).toMatchObject([{ code: "forbidden" }, { code: "forbidden" }]);
    expect(peer.connection.status).toBe("open");
  });

  it("follows a principal that changes", async () => {
    const authenticate: Authenticate = ({ token }) => ({ id: "ann", admin: token === "admin" });
    const { register, seen } = setUp({
      authenticate,
      authorize: ({ connection }) => connection.principal?.admin === true,
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("say", "before");
    auth(peer, "admin");
    await flushed();
    peer.say("say", "after");
    await flushed();
    expect(seen).toEqual([
      ["connected", "ann"],
      ["after", "ann"],
    ]);
  });
});
