import { afterEach, expect, it } from "vitest";
import { callSite } from "./call-site.ts";

const { stackTraceLimit } = Error;

afterEach(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

function register(): string {
  return callSite(register);
}

it("names file, line and column of who called", () => {
  expect(register()).toMatch(/call-site\.test\.ts:\d+:\d+$/);
});

it("names different lines for different calls", () => {
  const first = register();
  const second = register();
  expect(first).not.toBe(second);
});

it("does without where the runtime gives no stack", () => {
  Error.stackTraceLimit = 0;
  expect(register()).toBe("an unknown place");
});
