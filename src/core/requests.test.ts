// What a peer gets for its requests, and what the contract keeps from handlers.
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { type } from "../protocol/contract.ts";
import { defineEvents } from "../protocol/define-events.ts";
import { ZapError } from "../protocol/errors.ts";
import type { SchemaResult, StandardSchema } from "../protocol/standard-schema.ts";
import { EventRegister } from "../rooms/event-register.ts";

async function untyped() {
  const errors: unknown[] = [];
  const register = new EventRegister(undefined, { logger: new MemoryLog() });
  register.onEvent("error", ({ payload }) => errors.push(payload));
  return { register, errors, peer: await new MemoryPeer(register).start() };
}

const reply = (re: string, eventName: string, payload: unknown) => ({ eventName, payload, headers: { zap: { re } } });

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

/** A schema that says yes or no when a test lets it. */
function asynchronous(gate: Gate<SchemaResult<unknown>>): StandardSchema {
  return { "~standard": { version: 1, vendor: "test", validate: () => gate.passed } };
}

describe("the contract", () => {
  const contract = defineEvents({
    clientToServer: {
      say: v.object({ text: v.pipe(v.string(), v.trim(), v.maxLength(5)) }),
      join: {
        request: v.object({ room: v.string() }),
        reply: v.number(),
        errors: { full: v.object({ max: v.number() }) },
      },
      typing: type<{ room: string }>(),
    },
  });

  async function typed() {
    const seen: unknown[] = [];
    const errors: unknown[] = [];
    const register = new EventRegister(contract, { logger: new MemoryLog() });
    register.onEvent("say", ({ payload }) => seen.push(payload.text));
    register.onEvent("join", (context) => {
      if (context.payload.room === "full") context.fail("full", { max: 3 });
      return context.payload.room.length;
    });
    register.onEvent("typing", ({ payload }) => seen.push(payload));
    register.onEvent("error", ({ payload }) => errors.push(payload));
    return { seen, errors, register, peer: await new MemoryPeer(register).start() };
  }

  it("hands the handler what the schema made of the payload, before receive() returns", async () => {
    const { seen, peer } = await typed();
    peer.say("say", { text: " hi ", more: 1 });
    expect(seen).toEqual(["hi"]);
  });

  it("keeps what does not match from the handler: error runs, and the connection lives", async () => {
    const { seen, errors, peer, register } = await typed();
    peer.say("say", { text: "too long" });
    await flushed();
    expect(seen).toEqual([]);
    expect(errors).toMatchObject([{ eventName: "say", error: { code: "invalid_payload" } }]);
    expect(register.stats().invalidPayloads).toBe(1);
    expect(peer.transport.texts).toEqual([]);
    expect(peer.connection.status).toBe("open");
  });

  it("tells a requester which field is wrong and why, and nothing of the validator", async () => {
    const { peer } = await typed();
    peer.ask("a", "join", { room: 7 });
    await flushed();
    expect(peer.envelopes).toEqual([
      reply("a", "error", {
        code: "invalid_payload",
        message: expect.any(String),
        details: { issues: [{ path: ["room"], message: expect.any(String) }] },
      }),
    ]);
  });

  it("tells a requester a declared error with its details", async () => {
    const { peer } = await typed();
    peer.ask("a", "join", { room: "full" });
    peer.ask("b", "join", { room: "lobby" });
    await flushed();
    expect(peer.envelopes).toEqual([
      reply("a", "error", { code: "full", message: "full", details: { max: 3 } }),
      reply("b", "join", 5),
    ]);
  });

  it("does not look at what only the compiler knows", async () => {
    const { seen, peer } = await typed();
    peer.say("typing", "anything");
    expect(seen).toEqual(["anything"]);
  });

  it("refuses handlers for names it does not have", async () => {
    const { register } = await typed();
    const add = register.onEvent as (name: string, handler: () => void) => () => void;
    expect(() => add.call(register, "no such", () => {})).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });

  it("reports a schema that throws, and answers internal", async () => {
    const boom = new Error("hunter2");
    const schema: StandardSchema = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: () => {
          throw boom;
        },
      },
    };
    const errors: unknown[] = [];
    const register = new EventRegister(defineEvents({ clientToServer: { a: { request: schema, reply: type() } } }));
    register.onEvent("a", () => "answer");
    register.onEvent("error", ({ payload }) => errors.push(payload.error));
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "a");
    await flushed();
    expect(errors).toEqual([boom]);
    expect(peer.envelopes).toMatchObject([{ payload: { code: "internal" } }]);
  });
});

describe("a schema that takes its time", () => {
  async function waiting() {
    const gate = new Gate<SchemaResult<unknown>>();
    const clock = new ManualClock();
    const seen: unknown[] = [];
    const errors: unknown[] = [];
    const contract = defineEvents({ clientToServer: { slow: asynchronous(gate), fast: type() } });
    const register = new EventRegister(contract, { clock, logger: new MemoryLog() });
    register.onEvent("slow", ({ payload }) => seen.push(payload));
    register.onEvent("fast", ({ payload }) => seen.push(payload));
    register.onEvent("error", ({ payload }) => errors.push(payload.error));
    register.onEvent("disconnected", () => seen.push("disconnected"));
    return { gate, clock, seen, errors, peer: await new MemoryPeer(register).start() };
  }

  it("keeps the order", async () => {
    const { gate, seen, peer } = await waiting();
    peer.say("slow", 1);
    peer.say("fast", 2);
    expect(seen).toEqual([]);
    gate.open({ value: "made" });
    await flushed();
    expect(seen).toEqual(["made", 2]);
  });

  it("that rejects is an error of the event", async () => {
    const { gate, seen, errors, peer } = await waiting();
    const boom = new Error("boom");
    peer.say("slow", 1);
    gate.fail(boom);
    await flushed();
    expect(seen).toEqual([]);
    expect(errors).toEqual([boom]);
  });

  it("has no more of it than a handler", async () => {
    const { clock, seen, errors, peer } = await waiting();
    peer.say("slow", 1);
    peer.say("fast", 2);
    clock.advance(30_000);
    await flushed();
    expect(errors).toMatchObject([{ code: "handler_timeout" }]);
    expect(seen).toEqual([2]);
  });

  it("does not let the handler run when the peer has left meanwhile", async () => {
    const { gate, seen, errors, peer } = await waiting();
    peer.say("slow", 1);
    peer.leave();
    gate.open({ value: "made" });
    await peer.processor.startEventStream();
    expect(seen).toEqual(["disconnected"]);
    expect(errors).toEqual([]);
  });
});
