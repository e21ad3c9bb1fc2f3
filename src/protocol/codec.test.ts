// Text to value and envelope to text.
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { decode, encode } from "./codec.ts";
import { parseEnvelope } from "./envelope.ts";
import { ZapError } from "./errors.ts";
import { DEFAULT_LIMITS, resolveLimits } from "./limits.ts";
import { DUPLICATE_KEY, NOT_JSON, NUMBER_OUT_OF_RANGE, Refusal, TOO_DEEP, TOO_LARGE } from "./refusal.ts";

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
const send = (eventName: string, payload: unknown, headers?: Record<string, unknown>) =>
  encode(eventName, payload, headers, undefined, DEFAULT_LIMITS);

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof ZapError ? error.code : `not coded: ${error}`;
  }
  return "nothing thrown";
};

describe("decode", () => {
  test.each([
    '{"eventName":"a"}',
    "1",
    '"text"',
    "null",
    "[]",
    " {} ",
    '\n{"a" : 1}\t',
  ])("takes the JSON %j", (text) => {
    expect(decode(text, DEFAULT_LIMITS)).toEqual(JSON.parse(text));
  });

  test.each([
    "",
    " ",
    "{",
    '{"eventName":"a"',
    '{"eventName":"a"}x',
    '{"eventName":"a"}{"eventName":"b"}',
    "{'eventName':'a'}",
    '{eventName:"a"}',
    '{"eventName":"a",}',
    '\ufeff{"eventName":"a"}',
    "undefined",
    "NaN",
    "Infinity",
    "+1",
    "01",
    "1.",
    ".5",
    "0x10",
    '"\\x41"',
    '"a\nb"',
    '{"a":1 /* note */}',
    "]]]][[[[",
    '{"\\u12":1}',
  ])("refuses what is no JSON: %j", (text) => {
    expect(decode(text, DEFAULT_LIMITS)).toBe(NOT_JSON);
  });

  test("refuses a repeated envelope key and a number beyond a double", () => {
    expect(decode('{"eventName":"a","eventName":"b"}', DEFAULT_LIMITS)).toBe(DUPLICATE_KEY);
    expect(decode('{"eventName":"a","payload":1e400}', DEFAULT_LIMITS)).toBe(NUMBER_OUT_OF_RANGE);
  });

  test("takes 64 levels and refuses 65", () => {
    const text = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(decode(text(64), DEFAULT_LIMITS)).not.toBeInstanceOf(Refusal);
    expect(decode(text(65), DEFAULT_LIMITS)).toBe(TOO_DEEP);
  });

  test.each(["x", "é", "漢", "😀"])("takes 65536 bytes of %j and refuses one more", (character) => {
    const room = DEFAULT_LIMITS.envelopeBytes - 2;
    const fitting = character.repeat(room / bytesOf(character)) + "x".repeat(room % bytesOf(character));
    expect(decode(`"${fitting}"`, DEFAULT_LIMITS)).toBe(fitting);
    expect(decode(`"${fitting}x"`, DEFAULT_LIMITS)).toBe(TOO_LARGE);
  });

  test("judges the size first: what is too large is not looked at", () => {
    expect(decode("[".repeat(65_537), DEFAULT_LIMITS)).toBe(TOO_LARGE);
    expect(decode("[".repeat(65_536), DEFAULT_LIMITS)).toBe(TOO_DEEP);
  });

  test("parses a frame once and no more, however many of its keys are written wrongly", () => {
    const parse = vi.spyOn(JSON, "parse");
    onTestFinished(() => parse.mockRestore());
    for (const key of ["\\x", "\\u00", "p\\ayload", "\\"]) {
      parse.mockClear();
      decode(`{${`"${key}",`.repeat(5_000)}}`, DEFAULT_LIMITS);
      expect(parse).toHaveBeenCalledTimes(1);
    }
  });

  test("never throws, whatever the text", () => {
    const piece = fc.constantFrom(
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "1e999",
      "null",
      "eventName",
      "\\u00",
      "\ud800",
      "\ufeff",
      "é",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(piece).map((all) => all.join("")),
        ),
        (text) => {
          expect(() => decode(text, DEFAULT_LIMITS)).not.toThrow();
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe("encode", () => {
  test("writes name and payload always, in this order, and headers only when there are any", () => {
    expect(send("hello", "HELLO FROM SERVER !!!")).toBe('{"eventName":"hello","payload":"HELLO FROM SERVER !!!"}');
    expect(send("hello", undefined)).toBe('{"eventName":"hello","payload":null}');
    expect(send("hello", 1, {})).toBe('{"eventName":"hello","payload":1}');
    expect(send("hello", 1, { a: undefined })).toBe('{"eventName":"hello","payload":1}');
    expect(send("hello", 1, { a: 1 })).toBe('{"eventName":"hello","payload":1,"headers":{"a":1}}');
  });

  test("writes the toolkit's own header after the application's", () => {
    expect(encode("a", 1, { b: 2 }, { id: "7" }, DEFAULT_LIMITS)).toBe(
      '{"eventName":"a","payload":1,"headers":{"b":2,"zap":{"id":"7"}}}',
    );
    expect(encode("a", 1, undefined, { re: "7" }, DEFAULT_LIMITS)).toBe(
      '{"eventName":"a","payload":1,"headers":{"zap":{"re":"7"}}}',
    );
  });

  test("escapes what a name holds", () => {
    expect(send('say "hi"\\', 1)).toBe('{"eventName":"say \\"hi\\"\\\\","payload":1}');
    expect(send("\u2028", 1)).toBe('{"eventName":"\u2028","payload":1}');
  });

  test("writes what JSON.stringify writes", () => {
    expect(send("a", { date: new Date(0), gone: undefined, list: [undefined, Number.NaN, -0] })).toBe(
      '{"eventName":"a","payload":{"date":"1970-01-01T00:00:00.000Z","list":[null,null,0]}}',
    );
    expect(send("a", { toJSON: () => undefined })).toBe('{"eventName":"a","payload":null}');
    expect(send("a", "\ud800")).toBe('{"eventName":"a","payload":"\\ud800"}');
  });

  test("sends headers that came from a peer on as they came", () => {
    const received = parseEnvelope(
      JSON.parse('{"eventName":"a","headers":{"__proto__":1,"toJSON":2,"zap":{"id":"9"}}}'),
      DEFAULT_LIMITS,
    );
    if (received instanceof Refusal) throw new Error(received.reason);
    expect(encode("b", 1, received.headers, { id: "1" }, DEFAULT_LIMITS)).toBe(
      '{"eventName":"b","payload":1,"headers":{"__proto__":1,"toJSON":2,"zap":{"id":"1"}}}',
    );
  });
});

describe("encode refuses", () => {
  test.each([undefined, null, "", 7, ["a"], "a\u0000", "\ud800", "n".repeat(129)])("the name %j", (name) => {
    expect(codeOf(() => Reflect.apply(encode, undefined, [name, 1, undefined, undefined, DEFAULT_LIMITS]))).toBe(
      "invalid_event_name",
    );
  });

  test("a name over the limit in force, though others may have sent it", () => {
    expect(send("a long name", 1)).toContain("a long name");
    const limits = resolveLimits({ nameLength: 5 });
    expect(codeOf(() => encode("a long name", 1, undefined, undefined, limits))).toBe("invalid_event_name");
    expect(encode("short", 1, undefined, undefined, limits)).toContain("short");
  });

  test("what is not JSON", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const unsendable = [cycle, 1n, { deep: [1n] }, () => 1, Symbol("s")];
    for (const payload of unsendable) expect(codeOf(() => send("a", payload))).toBe("unencodable_payload");
  });

  test("what is nested deeper than some runtimes can write, and others can", () => {
    expect(["unencodable_payload", "envelope_too_large"]).toContain(codeOf(() => send("a", abyss(200_000))));
  });

  test("a payload whose own code throws, whatever it throws", () => {
    for (const thrown of [new Error("no"), null, undefined, "text", Object.create(null), Symbol("s")]) {
      const payload = {
        toJSON() {
          throw thrown;
        },
      };
      expect(codeOf(() => send("a", payload))).toBe("unencodable_payload");
      expect(codeOf(() => send("a", 1, { payload }))).toBe("invalid_headers");
    }
  });

  test.each([["text"], [7], [null], [["a"]], [new Date(0)], [() => 1]])("headers that are %j", (headers) => {
    expect(codeOf(() => Reflect.apply(send, undefined, ["a", 1, headers]))).toBe("invalid_headers");
  });

  test("headers that turn into something else when they are written", () => {
    expect(codeOf(() => send("a", 1, { toJSON: () => undefined }))).toBe("invalid_headers");
    expect(codeOf(() => send("a", 1, { toJSON: () => "text" }))).toBe("invalid_headers");
  });

  test("the toolkit's own header among the application's", () => {
    expect(codeOf(() => send("a", 1, { zap: {} }))).toBe("invalid_headers");
    expect(codeOf(() => send("a", 1, { zap: undefined }))).toBe("invalid_headers");
  });

  test("33 headers, 4097 bytes of them, and 9 levels in them, and takes one less of each", () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
    expect(send("a", 1, keys(32))).toContain('"k31"');
    expect(codeOf(() => send("a", 1, keys(33)))).toBe("invalid_headers");
    const wide = (bytes: number) => ({ a: "x".repeat(bytes - '{"a":""}'.length) });
    expect(send("a", 1, wide(4_096))).toContain("xxx");
    expect(codeOf(() => send("a", 1, wide(4_097)))).toBe("invalid_headers");
    expect(send("a", 1, { a: abyss(7) })).toContain("[[[[[[[");
    expect(codeOf(() => send("a", 1, { a: abyss(8) }))).toBe("invalid_headers");
  });

  test.each(["x", "é", "😀"])("an envelope over 65536 bytes of %j", (character) => {
    const room = DEFAULT_LIMITS.envelopeBytes - bytesOf(send("a", ""));
    const fitting = character.repeat(room / bytesOf(character)) + "x".repeat(room % bytesOf(character));
    expect(bytesOf(send("a", fitting))).toBe(65_536);
    expect(codeOf(() => send("a", `${fitting}x`))).toBe("envelope_too_large");
  });

  test("an envelope of 65 levels, the envelope itself being the first", () => {
    expect(decode(send("a", abyss(63)), DEFAULT_LIMITS)).not.toBeInstanceOf(Refusal);
    expect(codeOf(() => send("a", abyss(64)))).toBe("envelope_too_deep");
  });
});

/** Arrays within arrays, so many. */
function abyss(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}
