// What is seen in a JSON text before it is parsed.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DUPLICATE_KEY, NUMBER_OUT_OF_RANGE, TOO_DEEP } from "./refusal.ts";
import { exceedsDepth, inspectStructure } from "./structure.ts";

const nested = (levels: number, inside = ""): string => "[".repeat(levels) + inside + "]".repeat(levels);

/** How deep a value nests, found the other way round: by walking the value. */
function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe("depth", () => {
  test.each([1, 8, 64])("of %i levels is taken, one more is not", (limit) => {
    expect(inspectStructure(nested(limit), limit)).toBeUndefined();
    expect(inspectStructure(nested(limit + 1), limit)).toBe(TOO_DEEP);
    expect(inspectStructure(`${'{"a":'.repeat(limit)}1${"}".repeat(limit)}`, limit)).toBeUndefined();
    expect(inspectStructure(`${'{"a":'.repeat(limit + 1)}1${"}".repeat(limit + 1)}`, limit)).toBe(TOO_DEEP);
  });

  test("counts levels, not brackets", () => {
    expect(inspectStructure(`[${"[],{},".repeat(1_000)}0]`, 2)).toBeUndefined();
  });

  test("does not see brackets inside of strings", () => {
    for (const text of [
      `["${"[{".repeat(100)}"]`,
      `{"${"[".repeat(100)}":1}`,
      `["\\"${"[".repeat(100)}"]`,
      `["\\\\","["]`,
    ]) {
      expect(inspectStructure(text, 1)).toBeUndefined();
      expect(exceedsDepth(text, 1)).toBe(false);
    }
  });

  test("sees the bracket after a string that ends in backslashes", () => {
    expect(inspectStructure('["\\\\",[[]]]', 2)).toBe(TOO_DEEP);
    expect(inspectStructure('["\\\\\\"",[[]]]', 2)).toBe(TOO_DEEP);
    expect(inspectStructure('["\\"","[[",[]]', 2)).toBeUndefined();
  });

  test("is found on opening, however the text goes on", () => {
    expect(inspectStructure("[".repeat(1_000_000), 64)).toBe(TOO_DEEP);
    expect(inspectStructure('{"a":'.repeat(1_000_000), 64)).toBe(TOO_DEEP);
  });

  test("of any JSON is what a walk over the value finds", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), fc.integer({ min: 1, max: 8 }), (text, limit) => {
        const tooDeep = depthOf(JSON.parse(text)) > limit;
        expect(inspectStructure(text, limit) === TOO_DEEP).toBe(tooDeep);
        expect(exceedsDepth(text, limit)).toBe(tooDeep);
      }),
      { numRuns: 500 },
    );
  });
});

describe("envelope keys", () => {
  test.each(["eventName", "payload", "headers"])("%s may come once", (key) => {
    expect(inspectStructure(`{"${key}":1}`, 64)).toBeUndefined();
    expect(inspectStructure(`{"${key}":1,"${key}":1}`, 64)).toBe(DUPLICATE_KEY);
    expect(inspectStructure(`{ "${key}" : 1 , "x" : [{}] , "${key}" : 1 }`, 64)).toBe(DUPLICATE_KEY);
  });

  test.each([
    "p\\u0061yload",
    "\\u0070\\u0061\\u0079\\u006c\\u006f\\u0061\\u0064",
    "\\u0070\\u0061\\u0079\\u006C\\u006F\\u0061\\u0064",
    "payloa\\u0064",
  ])("are recognized however they are written: %s", (written) => {
    expect(JSON.parse(`"${written}"`)).toBe("payload");
    expect(inspectStructure(`{"payload":1,"${written}":2}`, 64)).toBe(DUPLICATE_KEY);
    expect(inspectStructure(`{"${written}":1,"${written}":2}`, 64)).toBe(DUPLICATE_KEY);
  });

  test("are recognized in any spelling of their characters", () => {
    const spelled = (key: string) =>
      fc
        .tuple(
          ...[...key].map((character) =>
            fc.constantFrom(character, escaped(character), escaped(character).toUpperCase().replace("\\U", "\\u")),
          ),
        )
        .map((parts) => parts.join(""));
    const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    const pair = fc
      .constantFrom("eventName", "payload", "headers")
      .chain((key) => fc.tuple(spelled(key), spelled(key)));
    fc.assert(
      fc.property(pair, ([one, other]) => {
        expect(inspectStructure(`{"${one}":1,"${other}":1}`, 64)).toBe(DUPLICATE_KEY);
      }),
    );
  });

  test.each([
    '{"payload":1,"payloads":2}',
    '{"payload":1,"Payload":2}',
    '{"payload":1,"pay\\\\load":2}',
    '{"payload":1,"payloa\\\\u0064":2}',
    '{"payload":1,"\\u0050ayload":2}',
    '{"payload":{"payload":1,"eventName":2},"eventName":"payload"}',
    '{"payload":"payload","headers":["payload","payload","headers"]}',
    '{"headers":{"headers":1,"eventName":1},"payload":1}',
    '{"x":1,"x":2,"constructor":1,"constructor":2}',
    '{"payload":1,"p":"\\",\\"payload\\":2"}',
  ])("are not seen where there are none: %s", (text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(inspectStructure(text, 64)).toBeUndefined();
  });

  test("repeat exactly when a parser that keeps all of them says so", () => {
    const key = fc.constantFrom("eventName", "payload", "headers", "other", "toString", "p\\u0061yload", "headers ");
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.json({ maxDepth: 2 })), { maxLength: 6 }), (entries) => {
        const text = `{${entries.map(([name, value]) => `"${name}":${value}`).join(",")}}`;
        const names = entries
          .map(([name]) => JSON.parse(`"${name}"`))
          .filter((name) => ["eventName", "payload", "headers"].includes(name));
        expect(inspectStructure(text, 64) === DUPLICATE_KEY).toBe(new Set(names).size < names.length);
      }),
    );
  });
});

describe("numbers", () => {
  test.each([
    "1e309",
    "9e308",
    "-1e309",
    "1E400",
    "1e+400",
    "1.8e308",
    "1".repeat(400),
    `${"9".repeat(309)}`,
    `-${"9".repeat(400)}.5`,
  ])("beyond a double are refused: %s", (number) => {
    expect(Number.isFinite(Number(number))).toBe(false);
    for (const text of [number, `[${number}]`, `{"a":${number}}`, `[0,${number} ]`]) {
      expect(inspectStructure(text, 64)).toBe(NUMBER_OUT_OF_RANGE);
    }
  });

  test.each([
    "0",
    "-0",
    "1e308",
    "1.7976931348623157e308",
    "1e-400",
    "5e-324",
    "0e999999",
    "9".repeat(308),
    `0.${"1".repeat(400)}`,
    "12345678901234567890",
  ])("within a double are taken: %s", (number) => {
    expect(Number.isFinite(Number(number))).toBe(true);
    for (const text of [number, `[${number}]`, `{"a":${number}}`]) expect(inspectStructure(text, 64)).toBeUndefined();
  });

  test("inside of strings are text", () => {
    expect(inspectStructure('["1e999",{"1e999":"9e999"}]', 64)).toBeUndefined();
  });

  test("are refused exactly when their value is not finite", () => {
    const digits = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 320 })
      .map((all) => all.join(""));
    const number = fc
      .tuple(fc.constantFrom("", "-"), digits, fc.option(digits), fc.option(fc.integer({ min: -400, max: 400 })))
      .map(([sign, whole, fraction, exponent]) => {
        const significant = whole.replace(/^0+(?=\d)/, "");
        return `${sign}${significant}${fraction === null ? "" : `.${fraction}`}${exponent === null ? "" : `e${exponent}`}`;
      });
    fc.assert(
      fc.property(number, (text) => {
        const refused = inspectStructure(`[${text}]`, 64) === NUMBER_OUT_OF_RANGE;
        expect(refused).toBe(!Number.isFinite(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });
});

test("any text at all is walked to its end without a throw", () => {
  const piece = fc.constantFrom(
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "1",
    "-",
    "e",
    ".",
    "payload",
    "\\u",
    "\ud800",
    " ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      expect(() => inspectStructure(pieces.join(""), 4)).not.toThrow();
      expect(() => exceedsDepth(pieces.join(""), 4)).not.toThrow();
    }),
    { numRuns: 1_000 },
  );
});

test("nothing is found against any JSON within the limits", () => {
  fc.assert(fc.property(fc.json(), (text) => inspectStructure(text, Number.POSITIVE_INFINITY) === undefined));
});
