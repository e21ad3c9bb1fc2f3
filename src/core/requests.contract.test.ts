// What the contract keeps from handlers, and what a peer is told of it.
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer, reply } from "../../test/support/memory-peer.ts";
import { type } from "../protocol/contract.ts";
import { defineEvents } from "../protocol/define-events.ts";
import type { SchemaResult, StandardSchema } from "../protocol/standard-schema.ts";
import { EventRegister } from "../rooms/event-register.ts";

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
