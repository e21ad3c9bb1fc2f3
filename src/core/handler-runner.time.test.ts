// The time a handler has, and the signal that tells it when that, or its connection, is over.
import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { notingRegister } from "../../test/support/noting-register.ts";
import { failOnUnhandledRejections } from "../../test/support/unhandled-rejections.ts";

failOnUnhandledRejections();

const boom = new Error("boom");

describe("a handler that never ends", () => {
  it("has its signal aborted, its request answered and the line freed at limits.handlerMs", async () => {
    const { register, errors, clock } = notingRegister();
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
    const { register, errors, clock } = notingRegister();
    register.onEvent("hang", () => new Gate().passed, { handlerMs: 10 });
    const peer = await new MemoryPeer(register).start();
    peer.say("hang");
    clock.advance(10);
    await flushed();
    expect(errors).toHaveLength(1);
  });

  it("may have all the time there is", async () => {
    const { register, errors, clock } = notingRegister();
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
    const { register, errors, clock } = notingRegister();
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
    const { register, errors, clock } = notingRegister();
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
    const { register, errors } = notingRegister();
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
    const { register } = notingRegister();
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
    const { register } = notingRegister();
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
    const { register } = notingRegister();
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
    const { register, clock } = notingRegister();
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
