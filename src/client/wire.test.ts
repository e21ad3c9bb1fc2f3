// The client's wire says what the protocol's codec says, and keeps to the same limits.
import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, encode } from "../protocol/codec.ts";
import { parseEnvelope } from "../protocol/envelope.ts";
import { DEFAULT_LIMITS } from "../protocol/limits.ts";
import { Refusal } from "../protocol/refusal.ts";
import { read, write } from "./wire.ts";

const limits = DEFAULT_LIMITS;
const names = fc.oneof(
  fc.string({ minLength: 1, maxLength: 130, unit: "binary" }),
  fc.constantFrom("a", "chat:say", "__proto__", "é😀"),
);
const payloads = fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(70)).map(([value, levels]) => nest(value, levels));
const headerValues = fc.tuple(fc.jsonValue({ maxDepth: 1 }), fc.nat(9)).map(([value, levels]) => nest(value, levels));
const headers = fc.dictionary(fc.string({ maxLength: 8 }), headerValues, { maxKeys: 34 });

function nest(value: unknown, levels: number): unknown {
  let nested = value;
  for (let level = 0; level < levels; level++) nested = level % 2 === 0 ? [nested] : { a: nested };
  return nested;
}

/** What a function returns, or the code of what it throws. */
function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}

const refusal = (code: string) => expect.objectContaining({ code });

test("what is written is what the codec writes, or fails as it does", () => {
  const property = fc.property(
    names,
    payloads,
    headers,
    fc.option(fc.constant({ id: "7" }), { nil: undefined }),
    (name, payload, own, zap) => {
      const ours = outcomeOf(() => write(limits, name, payload, own, zap));
      expect(ours).toEqual(outcomeOf(() => encode(name, payload, own, zap, limits)));
    },
  );
  fc.assert(property, { numRuns: 1_000 });
});

test("what is written can be read, by the protocol and by ourselves", () => {
  const property = fc.property(fc.jsonValue(), (payload) => {
    const text = write(limits, "a", payload);
    expect(read(limits, text, "a")).toEqual({ eventName: "a", payload: JSON.parse(JSON.stringify(payload)) });
    const value = decode(text, limits);
    expect(value instanceof Refusal ? value : parseEnvelope(value, limits)).not.toBeInstanceOf(Refusal);
  });
  fc.assert(property);
});

test.each([
  ["a function", () => {}],
  ["a symbol", Symbol("s")],
  ["a BigInt", 1n],
  ["a cycle", Object.assign([], { 0: 0 }).concat([])],
])("%s as payload is refused, or sent as JSON sees it", (_, payload) => {
  const outcome = outcomeOf(() => write(limits, "a", payload));
  expect(["unencodable_payload", '{"eventName":"a","payload":[0]}']).toContain(outcome);
});

test("a payload in a cycle is refused", () => {
  const payload: unknown[] = [];
  payload.push(payload);
  expect(outcomeOf(() => write(limits, "a", payload))).toBe("unencodable_payload");
});

test("a payload that shows JSON only a part of itself is measured by that part", () => {
  const owner: { child?: unknown } = {};
  const child = { owner, toJSON: () => ({ id: 1 }) };
  owner.child = child;
  expect(write(limits, "a", child)).toBe('{"eventName":"a","payload":{"id":1}}');
});

test.each([
  ["nothing", ""],
  ["a number", "7"],
  ["a list", "[]"],
  ["null", "null"],
  ["no JSON", "{"],
  ["no name", "{}"],
  ["a name that is no string", '{"eventName":7}'],
  ["an empty name", '{"eventName":""}'],
  ["headers that are a list", '{"eventName":"a","headers":[]}'],
  ["headers that are a text", '{"eventName":"a","headers":"x"}'],
  ["binary", new Uint8Array([123, 125])],
  ["a Buffer that holds an envelope", Buffer.from('{"eventName":"a"}')],
])("%s is no envelope", (_, data) => {
  expect(() => read(limits, data, "received")).toThrow();
});

test("the limits are kept to the byte and the level", () => {
  const sized = (bytes: number) => `{"eventName":"a","payload":"${"x".repeat(bytes - 30)}"}`;
  expect(sized(100)).toHaveLength(100);
  expect(() => read(limits, sized(limits.envelopeBytes), "received")).not.toThrow();
  expect(() => read(limits, sized(limits.envelopeBytes + 1), "received")).toThrow(refusal("envelope_too_large"));
  const nested = (levels: number) => `{"eventName":"a","payload":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  expect(() => read(limits, nested(limits.depth), "received")).not.toThrow();
  expect(() => read(limits, nested(limits.depth + 1), "received")).toThrow(refusal("envelope_too_deep"));
});

test("bytes are counted as UTF-8", () => {
  const small = { ...limits, envelopeBytes: 40 };
  expect(() => write(small, "a", "é".repeat(5))).not.toThrow();
  expect(() => write(small, "a", "é".repeat(6))).toThrow(refusal("envelope_too_large"));
});
