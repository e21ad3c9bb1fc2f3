// Measuring and cutting text as UTF-8, held against the runtime's own encoder.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exceedsUtf8, truncateUtf8, utf8Length } from "./utf8.ts";

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

// Any UTF-16, lone surrogates included: JavaScript strings are not always Unicode.
const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
const text = fc.oneof(anyText, fc.string({ unit: "binary" }), fc.string());

test("a text is as long as the runtime's encoder makes it", () => {
  fc.assert(fc.property(text, (sample) => utf8Length(sample) === bytesOf(sample)));
});

test.each([
  ["", 0],
  ["a", 1],
  ["\u007f", 1],
  ["\u0080", 2],
  ["é", 2],
  ["\u07ff", 2],
  ["\u0800", 3],
  ["漢", 3],
  ["\uffff", 3],
  ["😀", 4],
  ["\u{10000}", 4],
  ["\u{103ff}", 4],
  ["\u{10ffff}", 4],
])("%j takes %i bytes", (sample, bytes) => {
  expect(utf8Length(sample)).toBe(bytes);
});

test.each([
  "\ud83d",
  "\ude00",
  "\ude00\ud83d",
  "a\ud83d",
  "\ud83d\ud83d\ude00",
])("a lone surrogate counts as the replacement character an encoder writes: %j", (sample) => {
  expect(utf8Length(sample)).toBe(bytesOf(sample));
});

test("a text exceeds a limit exactly when it takes more bytes", () => {
  fc.assert(fc.property(text, fc.nat(120), (sample, limit) => exceedsUtf8(sample, limit) === bytesOf(sample) > limit));
});

test.each(["a", "é", "漢", "😀"])("a text of %j is taken at the limit and not one byte beyond", (character) => {
  const limit = 1_200;
  const fitting = character.repeat(limit / bytesOf(character));
  expect(exceedsUtf8(fitting, limit)).toBe(false);
  expect(exceedsUtf8(`${fitting}a`, limit)).toBe(true);
});

test("nothing exceeds no limit", () => {
  expect(exceedsUtf8("é".repeat(100_000), Number.POSITIVE_INFINITY)).toBe(false);
});

test("a cut text is the longest start that fits, and cuts no code point in two", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(40), (sample, limit) => {
      const cut = truncateUtf8(sample, limit);
      const [next = ""] = sample.slice(cut.length);
      expect(sample.startsWith(cut)).toBe(true);
      expect(bytesOf(cut)).toBeLessThanOrEqual(limit);
      expect(cut).not.toMatch(/\p{Cs}/u);
      if (next !== "") expect(bytesOf(cut) + bytesOf(next)).toBeGreaterThan(limit);
    }),
  );
});

test("a text that fits is not cut", () => {
  expect(truncateUtf8("héllo", 6)).toBe("héllo");
  expect(truncateUtf8("héllo", 5)).toBe("héll");
  expect(truncateUtf8("aé", 2)).toBe("a");
});
