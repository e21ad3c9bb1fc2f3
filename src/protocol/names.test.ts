// Which names exist and which are reserved.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isEventName, isLifecycleEvent, isReservedName } from "./names.ts";

describe("an event's name", () => {
  test("is taken at 128 characters and refused at 129", () => {
    expect(isEventName("n".repeat(128), 128)).toBe(true);
    expect(isEventName("n".repeat(129), 128)).toBe(false);
  });

  test("is measured in UTF-16 code units", () => {
    expect(isEventName("😀".repeat(64), 128)).toBe(true);
    expect(isEventName("😀".repeat(64), 127)).toBe(false);
  });

  test("has at least one character", () => {
    expect(isEventName("", 128)).toBe(false);
    expect(isEventName(" ", 128)).toBe(true);
  });

  test.each([
    "hello",
    "room:join",
    "__proto__",
    "constructor",
    "toString",
    "then",
    "toJSON",
    "你好",
    "a b",
    "*",
    "\u00a0",
  ])("may be %j", (name) => {
    expect(isEventName(name, 128)).toBe(true);
  });

  test("has no control character, wherever it stands", () => {
    const controls = [...Array(0x20).keys(), ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index)];
    for (const code of controls) {
      const control = String.fromCharCode(code);
      for (const name of [control, `a${control}`, `${control}a`, `a${control}a`]) {
        expect([name, isEventName(name, 128)]).toEqual([name, false]);
      }
    }
  });

  test.each(["\ud800", "a\udfff", "\udc00\ud800"])("has no lone surrogate: %j", (name) => {
    expect(isEventName(name, 128)).toBe(false);
  });

  test.each([
    undefined,
    null,
    7,
    true,
    ["hello"],
    { toString: () => "hello" },
    new String("hello"),
    Symbol("hello"),
  ])("is a string and nothing like one", (name) => {
    expect(isEventName(name, 128)).toBe(false);
  });

  test("is any well-formed text without control characters within the limit", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
        fc.pre(!/\p{Cc}/u.test(name));
        expect(isEventName(name, 128)).toBe(name.length <= 128);
      }),
    );
  });
});

describe("a reserved name", () => {
  test.each([
    "connected",
    "disconnected",
    "error",
    "zap:",
    "zap:hello",
    "zap:ping",
    "zap:anything",
  ])("is %j", (name) => {
    expect(isReservedName(name)).toBe(true);
  });

  test.each([
    "Connected",
    "errors",
    "ERROR",
    " error",
    "zap",
    "Zap:hello",
    "a:zap:",
    "zаp:hello",
    "__proto__",
  ])("is not %j", (name) => {
    expect(isReservedName(name)).toBe(false);
  });

  test("is raised by the library itself when it is a lifecycle event", () => {
    expect(["connected", "disconnected", "error", "zap:hello", "toString"].filter(isLifecycleEvent)).toEqual([
      "connected",
      "disconnected",
      "error",
    ]);
  });
});
