// What a peer gets for its requests.
import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer, reply } from "../../test/support/memory-peer.ts";
import { ZapError } from "../protocol/errors.ts";
import { EventRegister } from "../rooms/event-register.ts";

async function untyped() {
  const errors: unknown[] = [];
  const register = new EventRegister(undefined, { logger: new MemoryLog() });
  register.onEvent("error", ({ payload }) => errors.push(payload));
  return { register, errors, peer: await new MemoryPeer(register).start() };
}

describe("a request", () => {
  it.each([
    undefined,
    null,
    false,
    0,
    "",
    { a: [1] },
  ])("is answered with what the handler returns: %j", async (result) => {
    const { register, peer } = await untyped();
    register.onEvent("at once", () => result);
    register.onEvent("later", async () => result);
    peer.ask("a", "at once");
    peer.ask("b", "later");
    await flushed();
    const payload = result === undefined ? null : result;
    expect(peer.envelopes).toEqual([reply("a", "at once", payload), reply("b", "later", payload)]);
  });

  it("is answered by a reply that was taken out of the context", async () => {
    const { register, peer } = await untyped();
    register.onEvent("early", ({ reply: answerWith, fail }) => answerWith(typeof fail));
    peer.ask("a", "early");
    await flushed();
    expect(peer.envelopes).toEqual([reply("a", "early", "function")]);
  });

  it("is no request without an id: nothing is answered", async () => {
    const { register, peer } = await untyped();
    register.onEvent("ask", () => "answer");
    peer.say("ask");
    await flushed();
    expect(peer.transport.texts).toEqual([]);
  });

  it("can be told from an event, for as long as it is not answered", async () => {
    const { register, peer } = await untyped();
    const seen: boolean[] = [];
    register.onEvent("look", (context) => {
      seen.push(context.isRequest);
      context.reply(null);
      seen.push(context.isRequest);
    });
    peer.ask("a", "look");
    peer.say("look");
    await flushed();
    expect(seen).toEqual([true, false, false, false]);
  });

  it("is answered once when the handler answers early", async () => {
    const { register, peer } = await untyped();
    const gate = new Gate();
    register.onEvent("ask", async ({ reply: answer }) => answer);
    register.onEvent("early", async (context) => {
      context.reply("first");
      context.reply("second");
      await gate.passed;
      return "third";
    });
    peer.ask("a", "early");
    await flushed();
    expect(peer.envelopes).toEqual([reply("a", "early", "first")]);
    gate.open();
    await flushed();
    expect(peer.transport.texts).toHaveLength(1);
  });

  it("stays answered when the handler fails after answering; error hears of it", async () => {
    const { register, peer, errors } = await untyped();
    register.onEvent("early", async (context) => {
      context.reply("answer");
      throw new Error("after that");
    });
    peer.ask("a", "early");
    await flushed();
    expect(peer.envelopes).toEqual([reply("a", "early", "answer")]);
    expect(errors).toHaveLength(1);
  });

  it("may be answered in another order than it came, where several are at work", async () => {
    const register = new EventRegister(undefined, { concurrency: 2 });
    const gate = new Gate();
    register.onEvent("slow", () => gate.passed);
    register.onEvent("fast", () => "fast");
    const peer = await new MemoryPeer(register).start();
    peer.ask("a", "slow");
    peer.ask("b", "fast");
    await flushed();
    gate.open();
    await flushed();
    expect(peer.envelopes.map(({ headers }) => headers?.zap)).toEqual([{ re: "b" }, { re: "a" }]);
  });

  it("for an event nobody handles gets unknown_event, and the connection lives", async () => {
    const { peer, register, errors } = await untyped();
    peer.ask("a", "nobody");
    await flushed();
    expect(peer.envelopes).toEqual([
      reply("a", "error", { code: "unknown_event", message: expect.stringContaining("nobody") }),
    ]);
    expect(register.stats().unknownEvents).toBe(1);
    expect(errors).toEqual([]);
    expect(peer.connection.status).toBe("open");
  });

  it("gets the code, text and details of a ZapError, and of nothing else that was thrown", async () => {
    const { register, peer } = await untyped();
    register.onEvent("meant", () => {
      throw new ZapError("room_full", "The room is full.", { max: 12 });
    });
    register.onEvent("not meant", () => {
      throw Object.assign(new Error("password=hunter2"), { code: "EACCES", details: "hunter2" });
    });
    register.onEvent("ours", async ({ connection }) => {
      await connection.send("hunter2", 1n);
    });
    for (const name of ["meant", "not meant", "ours"]) peer.ask(name, name);
    await flushed();
    const internal = { code: "internal", message: "The request failed." };
    expect(peer.envelopes).toEqual([
      reply("meant", "error", { code: "room_full", message: "The room is full.", details: { max: 12 } }),
      reply("not meant", "error", internal),
      reply("ours", "error", internal),
    ]);
    expect(peer.transport.texts.join()).not.toMatch(/hunter2|\.ts|at /);
  });

  it("gets internal when the answer cannot be encoded; error hears of it", async () => {
    const { register, peer, errors } = await untyped();
    register.onEvent("ask", () => 1n);
    register.onEvent("later", async () => 1n);
    register.onEvent("early", (context) => void context.reply(1n));
    for (const name of ["ask", "later", "early"]) peer.ask(name, name);
    await flushed();
    expect(peer.envelopes).toMatchObject([
      { payload: { code: "internal" }, headers: { zap: { re: "ask" } } },
      { payload: { code: "internal" }, headers: { zap: { re: "later" } } },
      { payload: { code: "internal" }, headers: { zap: { re: "early" } } },
    ]);
    expect(errors).toHaveLength(3);
  });

  it("is answered even where a ZapError is made of things that cannot be sent", async () => {
    const { register, peer } = await untyped();
    register.onEvent("ask", () => {
      throw new ZapError(42 as unknown as string, "x".repeat(100_000), { big: 1n });
    });
    peer.ask("a", "ask");
    await flushed();
    expect(peer.envelopes).toMatchObject([{ eventName: "error", headers: { zap: { re: "a" } } }]);
    expect(peer.connection.status).toBe("open");
  });

  it("is answered even under limits that leave no room for an answer", async () => {
    const register = new EventRegister(undefined, { limits: { envelopeBytes: 64, headerBytes: 24 } });
    register.onEvent("error", () => {});
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "a");
    await flushed();
    expect(peer.envelopes).toMatchObject([{ eventName: "error", headers: { zap: { re: "1" } } }]);
  });

  it("with an id that is no text, or too long, is a bad envelope", async () => {
    for (const id of [7, "", null, {}, "x".repeat(65)]) {
      const { peer } = await untyped();
      peer.say("ask", null, { zap: { id } });
      expect(peer.transport.endings).toMatchObject([{ code: 4400 }]);
    }
  });

  it("does not show the toolkit's header to its handler", async () => {
    const { register, peer } = await untyped();
    const seen: unknown[] = [];
    register.onEvent("ask", ({ headers }) => {
      seen.push(Object.keys(headers), Object.getPrototypeOf(headers), Object.isFrozen(headers));
    });
    peer.say("ask", null, { zap: { id: "1" }, __proto__x: 1, trace: "t" });
    expect(seen).toEqual([["__proto__x", "trace"], null, true]);
  });
});
