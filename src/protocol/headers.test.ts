// The application's headers and the toolkit's own, as they come from a peer.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HEADER_DEPTH, NO_HEADERS, parseHeaders, parseZapHeader, REQUEST_ID_LENGTH } from "./headers.ts";
import { DEFAULT_LIMITS, resolveLimits } from "./limits.ts";
import { BAD_HEADERS, BAD_ZAP_HEADER, Refusal } from "./refusal.ts";

/** A value that nests so many levels, in objects and arrays by turns. */
const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

const parse = (value: unknown) => parseHeaders(value, DEFAULT_LIMITS);
const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

describe("the shape", () => {
  test("that is absent, null, empty or the toolkit's alone means no headers", () => {
    for (const value of [undefined, null, {}, { zap: { id: "1" } }]) expect(parse(value)).toEqual(NO_HEADERS);
  });

  test.each([[[]], [["a"]], ["text"], [1], [true], [""], [0], [false]])("of %j is refused", (value) => {
    expect(parse(value)).toBe(BAD_HEADERS);
  });
});

describe("what a handler gets", () => {
  test("has no prototype, is frozen all through and is none of the parsed objects", () => {
    const wire = { trace: { id: [1, { a: 2 }] } };
    const headers = parse(wire);
    expect(headers).not.toBeInstanceOf(Refusal);
    expect(Object.getPrototypeOf(headers)).toBeNull();
    expect(headers).not.toBe(wire);
    const isFrozen = (value: unknown): boolean =>
      typeof value !== "object" ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every((inner) => isFrozen(inner)));
    expect(isFrozen(headers)).toBe(true);
  });

  test("has no headers in common with another envelope, save the empty ones", () => {
    expect(Object.isFrozen(NO_HEADERS)).toBe(true);
    expect(Object.getPrototypeOf(NO_HEADERS)).toBeNull();
    expect(parse({ a: 1 })).not.toBe(parse({ a: 1 }));
  });

  test("does not hold the toolkit's own header", () => {
    for (const wire of [
      { a: 1, zap: { id: "1" } },
      { zap: { id: "1" }, a: 1 },
    ]) {
      expect(parse(wire)).toEqual(Object.assign(Object.create(null), { a: 1 }));
    }
  });

  test.each([
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "then",
    "toJSON",
    "Zap",
    "",
  ])("holds a header named %j as an ordinary one", (name) => {
    const headers = parse(JSON.parse(`{${JSON.stringify(name)}:{"polluted":1}}`));
    expect(Object.keys(headers)).toEqual([name]);
    expect(Object.getPrototypeOf(headers)).toBeNull();
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

describe("limits", () => {
  const withKeys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));

  test("32 keys are taken and 33 refused", () => {
    expect(parse(withKeys(32))).toEqual(Object.assign(Object.create(null), withKeys(32)));
    expect(parse(withKeys(33))).toBe(BAD_HEADERS);
  });

  test("the toolkit's own header counts as a key", () => {
    expect(parse({ ...withKeys(31), zap: {} })).not.toBe(BAD_HEADERS);
    expect(parse({ ...withKeys(32), zap: {} })).toBe(BAD_HEADERS);
  });

  test.each(["x", "é", "漢", "😀", "\n", '"'])("4096 bytes of %j are taken, one more is refused", (character) => {
    const perCharacter = bytesOf(character) - 2;
    const room = DEFAULT_LIMITS.headerBytes - bytesOf({ a: "" });
    const fitting = character.repeat(room / perCharacter) + "x".repeat(room % perCharacter);
    expect(bytesOf({ a: fitting })).toBe(4_096);
    expect(parse({ a: fitting })).not.toBeInstanceOf(Refusal);
    expect(parse({ a: `${fitting}x` })).toBe(BAD_HEADERS);
  });

  test("the bytes of keys, numbers and the toolkit's own header count", () => {
    for (const build of [
      (size: number) => ({ ["k".repeat(size)]: 1 }),
      (size: number) => ({ a: Array(Math.floor(size / 2)).fill(7), b: "x".repeat(size % 2) }),
      (size: number) => ({ zap: { later: "x".repeat(size) } }),
    ]) {
      const overhead = bytesOf(build(1_000)) - 1_000;
      expect(bytesOf(build(4_096 - overhead))).toBe(4_096);
      expect(parse(build(4_096 - overhead))).not.toBe(BAD_HEADERS);
      expect(parse(build(4_098 - overhead))).toBe(BAD_HEADERS);
    }
  });

  test("8 levels, the headers themselves being the first, are taken and 9 refused", () => {
    expect(HEADER_DEPTH).toBe(8);
    expect(parse({ a: nested(7) })).not.toBeInstanceOf(Refusal);
    expect(parse({ a: nested(8) })).toBe(BAD_HEADERS);
    expect(parse({ zap: { later: nested(6) } })).not.toBeInstanceOf(Refusal);
    expect(parse({ zap: { later: nested(7) } })).toBe(BAD_HEADERS);
  });

  test("no limit of depth elsewhere lets headers be walked or written too deep", () => {
    const limits = resolveLimits({ depth: Number.POSITIVE_INFINITY, headerBytes: Number.POSITIVE_INFINITY });
    const abyss: unknown = JSON.parse(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
    expect(parseHeaders(abyss, limits)).toBe(BAD_HEADERS);
    expect(parseHeaders({ zap: abyss }, limits)).toBe(BAD_HEADERS);
  });

  test.each([
    ["the longest numbers", Array(100).fill(-1.2345678901234568e-300)],
    ["literals", Array(300).fill(false)],
    ["empty strings", Array(300).fill("")],
    ["characters that are escaped", Array(50).fill("\u0000\u001f\ud800")],
    ["characters of three bytes", Array(50).fill("漢字")],
    ["empty lists and objects", Array(300).fill([{}])],
    [
      "short keys",
      Object.fromEntries(Array.from({ length: 300 }, (_, index) => [String.fromCharCode(0x100 + index), 0])),
    ],
  ])("the bytes of %s are counted to the last", (_what, value) => {
    const headers = JSON.parse(JSON.stringify({ a: value }));
    const headerBytes = bytesOf(headers);
    expect(parseHeaders(headers, resolveLimits({ headerBytes }))).not.toBe(BAD_HEADERS);
    expect(parseHeaders(headers, resolveLimits({ headerBytes: headerBytes - 1 }))).toBe(BAD_HEADERS);
  });

  test("headers are refused exactly when their JSON is over the limit", () => {
    const object = fc.dictionary(fc.string({ unit: "binary", maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(object, fc.integer({ min: 1, max: 200 }), (value, headerBytes) => {
        const wire: object = JSON.parse(JSON.stringify(value));
        const limits = resolveLimits({ headerBytes, headerKeys: Number.POSITIVE_INFINITY });
        expect(parseHeaders(wire, limits) === BAD_HEADERS).toBe(bytesOf(wire) > headerBytes);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the toolkit's own header", () => {
  test("is read field by field; fields of later versions are passed over", () => {
    expect(parseZapHeader({ zap: { id: "1", re: "2", seq: 7, stream: "s", __proto__x: 1 } })).toEqual({
      id: "1",
      re: "2",
    });
    expect(parseZapHeader({ zap: {} })).toEqual({});
  });

  test("is absent where there are no headers or none of that name", () => {
    for (const headers of [undefined, null, {}, { a: 1 }, Object.create({ zap: { id: "1" } })]) {
      expect(parseZapHeader(headers)).toBeUndefined();
    }
  });

  test.each([null, [], "1", 1, true])("that is %j is refused", (zap) => {
    expect(parseZapHeader({ zap })).toBe(BAD_ZAP_HEADER);
  });

  test.each(["id", "re"])("has an %s of 1 to 64 characters", (field) => {
    expect(REQUEST_ID_LENGTH).toBe(64);
    expect(parseZapHeader({ zap: { [field]: "i".repeat(64) } })).toEqual({ [field]: "i".repeat(64) });
    expect(parseZapHeader({ zap: { [field]: "i".repeat(65) } })).toBe(BAD_ZAP_HEADER);
    expect(parseZapHeader({ zap: { [field]: "" } })).toBe(BAD_ZAP_HEADER);
  });

  test.each(["id", "re"])("has an %s that is a string", (field) => {
    for (const value of [1, null, true, ["1"], { toString: "1" }]) {
      expect(parseZapHeader({ zap: { [field]: value } })).toBe(BAD_ZAP_HEADER);
    }
  });

  test("takes ids such as __proto__ for what they are", () => {
    expect(parseZapHeader({ zap: JSON.parse('{"id":"__proto__","__proto__":{"re":"1"}}') })).toEqual({
      id: "__proto__",
    });
  });
});
