import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stderrLogger } from "./logger.ts";

const lines: string[] = [];

beforeEach(() => {
  lines.length = 0;
  for (const level of ["warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((...given) => void lines.push(given.join(" ")));
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the logger on stderr", () => {
  it("writes one line with the fields as JSON", () => {
    stderrLogger.warn({ connection: "zpt-1", code: 4400 }, "closed a connection");
    expect(lines).toEqual(['zaptools: closed a connection {"connection":"zpt-1","code":4400}']);
  });

  it("tells an error with its stack, on the same line", () => {
    stderrLogger.error({ event: "hello", error: new TypeError("boom") }, "error");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("TypeError: boom\\n");
    expect(lines[0]).toContain("logger.test.ts");
    expect(lines[0]).not.toContain("\n");
  });

  it("escapes what could break the line, move a cursor or hide text", () => {
    stderrLogger.error({ error: "a\nb\rc\u001b[2Jd\u009b31me\u2028f\u202eg\u0000" }, "error");
    expect(lines[0]).toBe('zaptools: error {"error":"a\\nb\\rc\\u001b[2Jd\\u{9b}31me\\u{2028}f\\u{202e}g\\u0000"}');
  });

  it("cuts what is too long for a line", () => {
    stderrLogger.error({ error: new Error("x".repeat(1_000_000)) }, "error");
    expect(lines[0]).toHaveLength(8_193);
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const thrown: readonly [string, unknown, string][] = [
    ["null", null, '"error":null'],
    ["a BigInt", 10n, '"error":"10"'],
    ["a symbol", Symbol("why"), '"error":"Symbol(why)"'],
    ["a cycle", cycle, '"error":"[object Object]"'],
    [
      "an object without a prototype and with a cycle",
      Object.assign(Object.create(null), { cycle }),
      '"error":"an object',
    ],
    ["an error without a stack", Object.assign(new Error("bare"), { stack: undefined }), '"error":"bare"'],
  ];

  it.each(thrown)("writes a line when %s was thrown", (_what, error, text) => {
    stderrLogger.error({ event: "hello", error }, "error");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(text);
  });
});
