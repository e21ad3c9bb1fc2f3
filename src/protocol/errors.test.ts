// The catalogue's own manners: texts for whatever was thrown, short ones for whatever was given.
import { expect, describe as group, test } from "vitest";
import { describe, invalidEventName, messageOf, UnmeantError, ZapError } from "./errors.ts";

group("an error of the application", () => {
  test("has a code, a text, details and a cause", () => {
    const cause = new Error("below");
    const error = new ZapError("room_full", "The room is full.", { max: 12 }, { cause });
    expect(error).toMatchObject({
      name: "ZapError",
      code: "room_full",
      message: "The room is full.",
      details: { max: 12 },
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(UnmeantError);
  });

  test("has its code for a text where none is given, and no details", () => {
    expect(new ZapError("room_full")).toMatchObject({ message: "room_full", details: undefined });
  });
});

test("an error of the toolkit is a ZapError to its users", () => {
  expect(invalidEventName("")).toBeInstanceOf(ZapError);
  expect(invalidEventName("").name).toBe("ZapError");
});

group("the text of what was thrown", () => {
  test.each([
    [new Error("text"), "text"],
    [new ZapError("code", "text"), "text"],
    ["text", "text"],
    [undefined, "undefined"],
    [null, "null"],
    [7, "7"],
    [Symbol("s"), "Symbol(s)"],
  ])("is what it says of itself", (thrown, text) => {
    expect(messageOf(thrown)).toBe(text);
  });

  test("is there for what has no text, or throws at being asked", () => {
    const hostile = {
      toString() {
        throw new Error("no");
      },
    };
    const unreadable = Object.defineProperty(new Error("text"), "message", {
      get() {
        throw new Error("no");
      },
    });
    for (const thrown of [Object.create(null), hostile, unreadable])
      expect(messageOf(thrown)).toBe("an object without a text");
  });

  test("is text even when a message is none", () => {
    expect(messageOf(Object.assign(new Error("text"), { message: 7 }))).toBe("7");
  });
});

test("a value in a text is short and on one line, whatever it is", () => {
  const values = [
    "x".repeat(1_000_000),
    "a\nb",
    () => "source",
    {},
    Object.create(null),
    [],
    null,
    undefined,
    7n,
    Symbol("s"),
    Number.NaN,
  ];
  for (const value of values) {
    expect(describe(value).length).toBeLessThan(80);
    expect(describe(value)).not.toMatch(/[\n\r]/);
  }
});
