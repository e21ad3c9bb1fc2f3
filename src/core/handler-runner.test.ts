import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { ZapError } from "../protocol/errors.ts";
import { EventRegister } from "../rooms/event-register.ts";

const unhandled: unknown[] = [];
const note = (error: unknown) => void unhandled.push(error);

beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});

afterEach(async () => {
  await flushed();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

/** A register that notes what reaches its `error` handler and its internal hook. */
function setUp(errorHandlers: "one" | "none" = "one") {
  const clock = new ManualClock();
  const errors: { eventName: string; error: unknown }[] = [];
  const internal: unknown[] = [];
  const register = new EventRegister(undefined, {
    clock,
    logger: new MemoryLog(),
    onInternalError: (error, eventName) => internal.push([eventName, error]),
  });
  if (errorHandlers === "one") register.onEvent("error", ({ payload }) => errors.push(payload));
  return { clock, errors, internal, register };
}

const boom = new Error("boom");

describe("a handler that fails", () => {
  const failures: readonly [string, () => unknown, unknown][] = [
    [
      "throws",
      () => {
        throw boom;
      },
      boom,
    ],
    ["rejects", () => Promise.reject(boom), boom],
    [
      "rejects later",
      async () => {
        await flushed();
        throw boom;
      },
      boom,
    ],
    [
      "throws null",
      () => {
        throw null;
      },
      null,
    ],
    ["rejects with undefined", () => Promise.reject(undefined), undefined],
    [
      "throws a string",
      () => {
        throw "boom";
      },
      "boom",
    ],
    [
      "returns a thenable that throws",
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: hostile on purpose
        then: () => {
          throw boom;
        },
      }),
      boom,
    ],
    [
      "returns something whose then cannot be read",
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: hostile on purpose
        get then(): unknown {
          throw boom;
        },
      }),
      boom,
    ],
  ];

  it.each(failures)("and %s: error runs once, and the connection lives", async (_how, handler, error) => {
    const { register, errors, internal } = setUp();
    const seen: string[] = [];
    register.onEvent("fail", handler);
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    peer.say("hello");
    await flushed();
    await flushed();
    expect(errors).toEqual([{ eventName: "fail", error }]);
    expect(internal).toEqual([]);
    expect(seen).toEqual(["hello"]);
    expect(peer.connection.status).toBe("open");
    expect(register.stats().errors).toBe(1);
  });

  it("is reported as often as it fails, also when it throws the same object each time", async () => {
    const { register, errors } = setUp();
    const forbidden = new ZapError("forbidden");
    register.onEvent("fail", () => {
      throw forbidden;
    });
    const peer = await new MemoryPeer(register).start();
    for (let index = 0; index < 3; index++) peer.say("fail");
    await flushed();
    expect(errors).toHaveLength(3);
  });

  it("is told to every error handler", async () => {
    const { register, errors } = setUp();
    register.onEvent("error", ({ payload }) => errors.push(payload));
    register.onEvent("fail", () => Promise.reject(boom));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    await flushed();
    expect(errors).toHaveLength(2);
    expect(register.stats().errors).toBe(1);
  });

  it("goes to onInternalError where there is no error handler", async () => {
    const { register, internal } = setUp("none");
    register.onEvent("fail", () => Promise.reject(boom));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    await flushed();
    expect(internal).toEqual([["fail", boom]]);
  });

  it("goes to the logger where there is no onInternalError either", async () => {
    const log = new MemoryLog();
    const register = new EventRegister(undefined, { logger: log });
    register.onEvent("fail", () => Promise.reject(boom));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    await flushed();
    expect(log.lines).toEqual([
      { level: "error", fields: { event: "fail", error: boom }, message: expect.any(String) },
    ]);
  });
});

describe("a thenable", () => {
  it("that calls twice counts once", async () => {
    const { register, errors } = setUp();
    register.onEvent("twice", () => ({
      // biome-ignore lint/suspicious/noThenProperty: hostile on purpose
      then(resolve: (value: unknown) => void, reject: (error: unknown) => void) {
        resolve("first");
        resolve("second");
        reject(boom);
      },
    }));
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "twice");
    peer.ask("2", "twice");
    await flushed();
    expect(peer.envelopes.map(({ payload }) => payload)).toEqual(["first", "first"]);
    expect(errors).toEqual([]);
  });
});

describe("an error handler that fails", () => {
  it("goes to onInternalError, and the next one runs", async () => {
    const { register, internal } = setUp("none");
    const worse = new Error("worse");
    const seen: unknown[] = [];
    register.onEvent("error", () => Promise.reject(worse));
    register.onEvent("error", ({ payload }) => seen.push(payload.error));
    register.onEvent("fail", () => Promise.reject(boom));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    await flushed();
    expect(internal).toEqual([["error", worse]]);
    expect(seen).toEqual([boom]);
  });

  it("frees the line when it never ends", async () => {
    const { register, internal, clock } = setUp("none");
    const seen: string[] = [];
    register.onEvent("error", () => new Gate().passed);
    register.onEvent("fail", () => Promise.reject(boom));
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    peer.say("hello");
    await flushed();
    expect(seen).toEqual([]);
    clock.advance(30_000);
    await flushed();
    expect(seen).toEqual(["hello"]);
    expect(internal).toEqual([["error", expect.objectContaining({ code: "handler_timeout" })]]);
  });

  it.each(["synchronously", "later"])("is not called for its own failed send, made %s", async (when) => {
    const { register, internal } = setUp("none");
    let calls = 0;
    register.onEvent("error", async ({ connection, payload }) => {
      calls++;
      if (when === "later") await flushed();
      // What was thrown has a cycle, so this cannot be sent.
      await connection.send("problem", payload.error);
    });
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    register.onEvent("fail", () => {
      throw cycle;
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    await flushed();
    await flushed();
    expect(calls).toBe(1);
    expect(internal).toEqual([["problem", expect.objectContaining({ code: "unencodable_payload" })]]);
  });

  it("does no harm when onInternalError throws as well", async () => {
    const seen: string[] = [];
    const register = new EventRegister(undefined, {
      onInternalError: () => {
        throw new Error("nobody left");
      },
    });
    register.onEvent("error", () => Promise.reject(boom));
    register.onEvent("fail", () => Promise.reject(boom));
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    peer.say("hello");
    await flushed();
    expect(seen).toEqual(["hello"]);
  });
});

describe("a handler that never ends", () => {
  it("has its signal aborted, its request answered and the line freed at limits.handlerMs", async () => {
    const { register, errors, clock } = setUp();
    const signals: AbortSignal[] = [];
    const seen: string[] = [];
    register.onEvent("hang", ({ signal }) => {
      signals.push(signal);
      return new Gate().passed;
    });
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "hang");
    peer.say("hello");
    clock.advance(29_999);
    await flushed();
    expect(signals[0]?.aborted).toBe(false);
    expect(seen).toEqual([]);
    clock.advance(1);
    await flushed();
    expect(signals[0]?.aborted).toBe(true);
    expect(signals[0]?.reason).toMatchObject({ code: "handler_timeout" });
    expect(seen).toEqual(["hello"]);
    expect(errors).toEqual([{ eventName: "hang", error: signals[0]?.reason }]);
    expect(peer.envelopes).toMatchObject([
      { eventName: "error", payload: { code: "handler_timeout" }, headers: { zap: { re: "1" } } },
    ]);
  });

  it("may have a time limit of its own", async () => {
    const { register, errors, clock } = setUp();
    register.onEvent("hang", () => new Gate().passed, { handlerMs: 10 });
    const peer = await new MemoryPeer(register).start();
    peer.say("hang");
    clock.advance(10);
    await flushed();
    expect(errors).toHaveLength(1);
  });

  it("may have all the time there is", async () => {
    const { register, errors, clock } = setUp();
    const gate = new Gate<string>();
    register.onEvent("slow", () => gate.passed, { handlerMs: Number.POSITIVE_INFINITY });
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "slow");
    peer.processor.heard();
    clock.advance(20_000);
    gate.open("done");
    await flushed();
    expect(peer.envelopes).toMatchObject([{ eventName: "slow", payload: "done" }]);
    expect(errors).toEqual([]);
  });

  it("changes nothing any more when it ends after all", async () => {
    const { register, errors, clock } = setUp();
    const late = new Gate();
    const failing = new Gate();
    register.onEvent("late", async () => {
      await late.passed;
      return "late";
    });
    register.onEvent("failing", async ({ connection }) => {
      await failing.passed;
      await connection.send("still here");
    });
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "late");
    clock.advance(30_000);
    await flushed();
    peer.ask("2", "failing");
    peer.processor.heard();
    clock.advance(30_000);
    await flushed();
    expect(errors).toHaveLength(2);
    late.open();
    failing.fail(boom);
    await flushed();
    expect(errors).toHaveLength(2);
    expect(peer.envelopes.map(({ headers }) => headers?.zap)).toEqual([{ re: "1" }, { re: "2" }]);
  });

  it("does not go on to the handler when its middleware calls next() too late", async () => {
    const { register, errors, clock } = setUp();
    const gate = new Gate();
    const seen: string[] = [];
    register.use("hello", async (_context, next) => {
      await gate.passed;
      await next();
    });
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    clock.advance(30_000);
    await flushed();
    gate.open();
    await flushed();
    expect(seen).toEqual([]);
    expect(errors).toHaveLength(1);
  });
});

describe("the signal of a context", () => {
  it("aborts for all handlers at work when the connection ends", async () => {
    const { register, errors } = setUp();
    const reasons: unknown[] = [];
    register.onEvent("work", async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      reasons.push(signal.reason);
      signal.throwIfAborted();
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("work");
    peer.leave();
    await peer.processor.startEventStream();
    expect(reasons).toEqual([expect.objectContaining({ code: "disconnected" })]);
    // Being stopped is no failure of the handler.
    expect(errors).toEqual([]);
  });

  it("aborts as soon as a Close was sent, for nothing more can reach the peer", async () => {
    const { register } = setUp();
    const signals: AbortSignal[] = [];
    register.onEvent("work", ({ signal }) => {
      signals.push(signal);
      return new Gate().passed;
    });
    const peer = await new MemoryPeer(register, {}, "silent").start();
    peer.say("work");
    peer.processor.receive("nonsense");
    expect(peer.connection.status).toBe("closing");
    expect(signals[0]?.aborted).toBe(true);
  });

  it("aborts for middleware around connected that goes on after the handlers", async () => {
    const { register } = setUp();
    const reasons: unknown[] = [];
    register.use(async ({ signal }, next) => {
      await next();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      reasons.push(signal.reason);
    });
    register.onEvent("connected", () => flushed());
    const peer = await new MemoryPeer(register).start();
    await flushed();
    peer.leave();
    await peer.processor.startEventStream();
    expect(reasons).toEqual([expect.objectContaining({ code: "disconnected" })]);
  });

  it("is aborted already for who looks at it late", async () => {
    const { register } = setUp();
    const gate = new Gate();
    const seen: unknown[] = [];
    register.onEvent("work", async (context) => {
      await gate.passed;
      const { signal } = context;
      seen.push(signal.aborted, signal === context.signal);
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("work");
    peer.leave();
    gate.open();
    await peer.processor.startEventStream();
    expect(seen).toEqual([true, true]);
  });

  it("stays quiet when the handler ends in time", async () => {
    const { register, clock } = setUp();
    const signals: AbortSignal[] = [];
    register.onEvent("work", async ({ signal }) => {
      signals.push(signal);
      await flushed();
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("work");
    await flushed();
    await flushed();
    peer.leave();
    clock.advance(100_000);
    expect(signals[0]?.aborted).toBe(false);
  });
});

describe("a failed call on the connection", () => {
  it("is told to error once, whether it is waited for or not", async () => {
    const { register, errors } = setUp();
    register.onEvent("waits", async ({ connection }) => {
      await connection.send("big", 1n);
    });
    register.onEvent("goes on", ({ connection }) => {
      void connection.send("big", 1n);
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("waits");
    peer.say("goes on");
    await flushed();
    expect(errors).toMatchObject([
      { eventName: "big", error: { code: "unencodable_payload" } },
      { eventName: "big", error: { code: "unencodable_payload" } },
    ]);
  });
});
