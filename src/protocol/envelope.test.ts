// From a parsed frame to an envelope.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEnvelope } from "./envelope.ts";
import { NO_HEADERS } from "./headers.ts";
import { DEFAULT_LIMITS, resolveLimits } from "./limits.ts";
import { BAD_HEADERS, BAD_NAME, BAD_ZAP_HEADER, NOT_AN_OBJECT, Refusal } from "./refusal.ts";

const parse = (value: unknown) => parseEnvelope(value, DEFAULT_LIMITS);

describe("an envelope", () => {
  test("has a name, a payload, headers and the toolkit's own part", () => {
    expect(parse({ eventName: "hello", payload: { a: 1 }, headers: { b: 2, zap: { id: "1" } } })).toEqual({
      eventName: "hello",
      payload: { a: 1 },
      headers: Object.assign(Object.create(null), { b: 2 }),
      zap: { id: "1" },
    });
  });

  test("has the payload null where the frame has none", () => {
    expect(parse({ eventName: "hello" })).toEqual({
      eventName: "hello",
      payload: null,
      headers: NO_HEADERS,
      zap: undefined,
    });
  });

  test.each([
    false,
    0,
    "",
    null,
    [],
    {},
    "text",
    [1, 2],
    { nested: { deeply: true } },
  ])("keeps the payload %j", (payload) => {
    expect(parse({ eventName: "hello", payload })).toHaveProperty("payload", payload);
  });

  test.each([{}, { headers: null }, { headers: {} }])("without headers has the shared empty ones: %j", (part) => {
    expect(parse({ eventName: "hello", ...part })).toMatchObject({ headers: NO_HEADERS, zap: undefined });
  });

  test("passes over other keys, whatever they are called", () => {
    const value: unknown = JSON.parse(
      '{"eventName":"a","__proto__":{"payload":1},"then":1,"type":"b","EventName":"c"}',
    );
    expect(parse(value)).toEqual({ eventName: "a", payload: null, headers: NO_HEADERS, zap: undefined });
  });
});

describe("refused is", () => {
  test.each([null, 1, 0, "text", "", true, false, [], [{ eventName: "a" }]])("what is no object: %j", (value) => {
    expect(parse(value)).toBe(NOT_AN_OBJECT);
  });

  test.each([
    undefined,
    null,
    "",
    7,
    true,
    ["a"],
    { toString: "a" },
    "a\u0000",
    "\u007f",
    "a\nb",
    "\ud800",
    "n".repeat(129),
  ])("the name %j", (eventName) => {
    expect(parse({ eventName, payload: 1 })).toBe(BAD_NAME);
  });

  test("a name that only a prototype has", () => {
    expect(parse(JSON.parse('{"__proto__":{"eventName":"a"}}'))).toBe(BAD_NAME);
  });

  test("a name over the limit in force", () => {
    const limits = resolveLimits({ nameLength: 5 });
    expect(parseEnvelope({ eventName: "hello" }, limits)).toHaveProperty("eventName", "hello");
    expect(parseEnvelope({ eventName: "hello!" }, limits)).toBe(BAD_NAME);
  });

  test("headers of another shape, and a zap header of another shape", () => {
    expect(parse({ eventName: "a", headers: [] })).toBe(BAD_HEADERS);
    expect(parse({ eventName: "a", headers: { zap: [] } })).toBe(BAD_ZAP_HEADER);
    expect(parse({ eventName: "a", headers: { zap: { id: 1 } } })).toBe(BAD_ZAP_HEADER);
  });
});

test("any JSON is either refused with a code that may be sent or is a whole envelope", () => {
  const anyValue = fc.oneof(
    fc.jsonValue(),
    fc.record(
      { eventName: fc.oneof(fc.string(), fc.jsonValue()), payload: fc.jsonValue(), headers: fc.jsonValue() },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(anyValue, (value) => {
      const envelope = parse(JSON.parse(JSON.stringify(value)));
      if (envelope instanceof Refusal) expect([1009, 4400]).toContain(envelope.closeCode);
      else {
        expect(Object.keys(envelope)).toEqual(["eventName", "payload", "headers", "zap"]);
        expect(envelope.payload).toBeDefined();
        expect(Object.hasOwn(envelope.headers, "zap")).toBe(false);
      }
    }),
    { numRuns: 1_000 },
  );
});
