// Answers: how they are written, and what is made of those that come.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode } from "./codec.ts";
import { parseEnvelope } from "./envelope.ts";
import { UnmeantError, ZapError } from "./errors.ts";
import { DEFAULT_LIMITS, resolveLimits } from "./limits.ts";
import { Refusal } from "./refusal.ts";
import { encodeErrorReply, encodeReply, parseErrorReply } from "./reply.ts";

/** An answer as the one who asked reads it. */
function read(text: string) {
  const envelope = parseEnvelope(decode(text, DEFAULT_LIMITS), DEFAULT_LIMITS);
  if (envelope instanceof Refusal) throw new Error(envelope.reason);
  return envelope;
}

const INTERNAL = { code: "internal", message: "The request failed." };

describe("a result", () => {
  test.each([undefined, null, false, 0, "", [], { a: 1 }])("of %j comes under the name of the request", (result) => {
    expect(read(encodeReply("room:join", result, "7", DEFAULT_LIMITS))).toMatchObject({
      eventName: "room:join",
      payload: result ?? null,
      zap: { re: "7" },
    });
  });

  test("that cannot be encoded fails with the code of what is wrong", () => {
    expect(() => encodeReply("a", 1n, "7", DEFAULT_LIMITS)).toThrow(
      expect.objectContaining({ code: "unencodable_payload" }),
    );
    expect(() => encodeReply("a", "x".repeat(65_536), "7", DEFAULT_LIMITS)).toThrow(
      expect.objectContaining({ code: "envelope_too_large" }),
    );
  });
});

describe("an error reply", () => {
  const payloadOf = (error: unknown, limits = DEFAULT_LIMITS) => read(encodeErrorReply(error, "7", limits)).payload;

  test("tells a meant error with its details", () => {
    expect(encodeErrorReply(new ZapError("room_full", "The room is full.", { max: 12 }), "7", DEFAULT_LIMITS)).toBe(
      '{"eventName":"error","payload":{"code":"room_full","message":"The room is full.","details":{"max":12}},"headers":{"zap":{"re":"7"}}}',
    );
  });

  test("without details has none", () => {
    expect(payloadOf(new ZapError("room_full", "The room is full."))).toEqual({
      code: "room_full",
      message: "The room is full.",
    });
  });

  test.each([
    new Error("the password is hunter2"),
    new UnmeantError("envelope_too_large", "an internal message"),
    "text",
    null,
    undefined,
    Object.create(null),
    { code: "forged", message: "looks like one" },
    Symbol("s"),
  ])("says internal and nothing more of anything else that was thrown", (error) => {
    expect(payloadOf(error)).toEqual(INTERNAL);
  });

  test("holds no stack, whatever was thrown", () => {
    const error = new ZapError("room_full", "The room is full.", new Error("inner"), { cause: new Error("cause") });
    expect(encodeErrorReply(error, "7", DEFAULT_LIMITS)).not.toMatch(/stack|at .*:\d+|cause|inner/);
  });

  test("leaves details out that cannot be sent", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const details of [cycle, 1n, "x".repeat(65_536)]) {
      expect(payloadOf(new ZapError("room_full", "The room is full.", details))).toEqual({
        code: "room_full",
        message: "The room is full.",
      });
    }
  });

  test("cuts a code and a text that would not fit otherwise", () => {
    expect(payloadOf(new ZapError("c".repeat(70_000), "m".repeat(70_000)))).toEqual({
      code: "c".repeat(64),
      message: "m".repeat(1_024),
    });
  });

  test("is written even where the limits leave no room for it", () => {
    const cramped = resolveLimits({ envelopeBytes: 50, nameLength: 4, headerBytes: 5, headerKeys: 1, depth: 1 });
    expect(payloadOf(new ZapError("unknown_event", "Nothing here answers it.", { a: 1 }), cramped)).toEqual({
      code: "unknown_event",
      message: INTERNAL.message,
    });
    expect(payloadOf(new Error("inner"), cramped)).toEqual(INTERNAL);
  });

  test("is written also for an error that was made wrongly", () => {
    for (const [code, message] of [
      [404, 7],
      [undefined, undefined],
      [{}, null],
      [1n, 2n],
    ]) {
      const error = new ZapError("code");
      Object.assign(error, { code, message });
      expect(() => encodeErrorReply(error, "7", DEFAULT_LIMITS)).not.toThrow();
    }
  });

  test("never throws, whatever was thrown and whatever the limits", () => {
    const limit = fc.integer({ min: 1, max: 300 });
    const limits = fc.record({
      envelopeBytes: limit,
      depth: limit,
      nameLength: limit,
      headerBytes: limit,
      headerKeys: limit,
    });
    const id = fc.string({ unit: "binary", minLength: 1, maxLength: 64 }).filter((text) => text.length <= 64);
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.anything(), id, limits, (code, message, details, re, given) => {
        const text = encodeErrorReply(new ZapError(code, message, details), re, resolveLimits(given));
        expect(read(text)).toMatchObject({ eventName: "error", zap: { re } });
      }),
    );
  });
});

describe("an error reply that comes", () => {
  test("is an error with its code, text and details, and is not meant for anybody else", () => {
    const error = parseErrorReply({ code: "room_full", message: "The room is full.", details: { max: 12 } });
    expect(error).toBeInstanceOf(ZapError);
    expect(error).toMatchObject({ code: "room_full", message: "The room is full.", details: { max: 12 } });
    expect(encodeErrorReply(error, "1", DEFAULT_LIMITS)).toContain('"internal"');
  });

  test.each([
    null,
    undefined,
    7,
    "text",
    [],
    ["code"],
    {},
    { code: 7, message: {} },
    { code: "" },
    { code: null },
  ])("with the payload %j is internal", (payload) => {
    expect(parseErrorReply(payload)).toMatchObject(INTERNAL);
  });

  test("has its code cut at 64 characters and its text at 1024", () => {
    const error = parseErrorReply({ code: "c".repeat(65), message: "m".repeat(1_025) });
    expect(error.code).toBe("c".repeat(64));
    expect(error.message).toBe("m".repeat(1_024));
  });

  test("reads back what was written", () => {
    const text = fc.string({ minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(text, text, fc.jsonValue(), (code, message, details) => {
        const sent = encodeErrorReply(new ZapError(code, message, details), "7", DEFAULT_LIMITS);
        const error = parseErrorReply(read(sent).payload);
        expect(error).toMatchObject({ code, message });
        expect(error.details).toEqual(JSON.parse(JSON.stringify(details)));
      }),
    );
  });
});
