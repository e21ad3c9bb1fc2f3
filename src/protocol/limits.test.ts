// The defaults, and what may take their place.
import { describe, expect, test } from "vitest";
import { ZapError } from "./errors.ts";
import { DEFAULT_LIMITS, resolveLimits } from "./limits.ts";

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof ZapError ? error.code : String(error);
  }
  return "nothing thrown";
};

test("the defaults are frozen, and in force where nothing is said", () => {
  expect(Object.isFrozen(DEFAULT_LIMITS)).toBe(true);
  expect(resolveLimits(undefined)).toBe(DEFAULT_LIMITS);
  expect(resolveLimits({})).toEqual(DEFAULT_LIMITS);
});

describe("a change", () => {
  test("takes the place of its default and leaves the others", () => {
    const limits = resolveLimits({ depth: 8, envelopeBytes: Number.POSITIVE_INFINITY });
    expect(limits).toEqual({ ...DEFAULT_LIMITS, depth: 8, envelopeBytes: Number.POSITIVE_INFINITY });
    expect(Object.isFrozen(limits)).toBe(true);
  });

  test("that is undefined leaves the default", () => {
    // What `exactOptionalPropertyTypes` forbids is still easily written in JavaScript.
    const changes: object = { depth: undefined };
    expect(resolveLimits(changes)).toEqual(DEFAULT_LIMITS);
  });

  test.each(Object.keys(DEFAULT_LIMITS))("of %s cannot be 0, negative, NaN, or no number", (name) => {
    for (const value of [0, -1, Number.NaN, Number.NEGATIVE_INFINITY, "64", null, true, 64n]) {
      const changes: object = { [name]: value };
      expect([value, codeOf(() => resolveLimits(changes))]).toEqual([value, "invalid_limit"]);
    }
  });

  test.each(Object.keys(DEFAULT_LIMITS))("of %s may be the smallest number and none", (name) => {
    for (const value of [Number.MIN_VALUE, 1, Number.POSITIVE_INFINITY]) {
      const changes: object = { [name]: value };
      expect(resolveLimits(changes)).toMatchObject({ [name]: value });
    }
  });

  test.each([
    "envelopebytes",
    "__proto__",
    "toString",
    "constructor",
    "",
  ])("of %j is refused: there is no such limit", (name) => {
    const changes: object = JSON.parse(`{${JSON.stringify(name)}:1}`);
    expect(codeOf(() => resolveLimits(changes))).toBe("invalid_limit");
  });
});
