// What one end writes, the other reads: the codec, both ways.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode } from "./codec.ts";
import { parseEnvelope } from "./envelope.ts";
import { DEFAULT_LIMITS, resolveLimits } from "./limits.ts";

describe("both ways", () => {
  const name = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
  const headers = fc.dictionary(
    fc.string({ maxLength: 6 }).filter((key) => key !== "zap"),
    fc.jsonValue({ maxDepth: 2 }),
    { maxKeys: 4 },
  );
  const zap = fc.record({ id: fc.string({ minLength: 1, maxLength: 64, unit: "binary" }) }, { requiredKeys: [] });

  test("what is encoded is decoded to the same", () => {
    fc.assert(
      fc.property(
        name,
        fc.jsonValue(),
        headers,
        fc.option(zap, { nil: undefined }),
        (eventName, payload, given, own) => {
          const text = encode(eventName, payload, given, own, resolveLimits({ headerBytes: 65_536 }));
          const value = decode(text, DEFAULT_LIMITS);
          const envelope = parseEnvelope(value, resolveLimits({ headerBytes: 65_536 }));
          expect(envelope).toEqual({
            eventName,
            payload: JSON.parse(JSON.stringify(payload)),
            headers: Object.assign(Object.create(null), JSON.parse(JSON.stringify(given))),
            zap: own,
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  test("what is encoded has the keys of an envelope, in their order", () => {
    fc.assert(
      fc.property(name, fc.jsonValue(), headers, (eventName, payload, given) => {
        const keys = Object.keys(
          JSON.parse(encode(eventName, payload, given, undefined, resolveLimits({ headerBytes: 65_536 }))),
        );
        const expected =
          Object.keys(given).length === 0 ? ["eventName", "payload"] : ["eventName", "payload", "headers"];
        expect(keys).toEqual(expected);
      }),
    );
  });
});
