import { afterEach, expect, it } from "vitest";
import { callSite } from "./call-site.ts";

const { captureStackTrace } = Error;

afterEach(() => {
  Error.captureStackTrace = captureStackTrace;
});

function register(): string {
  // As an argument: a runtime with proper tail calls forgets who returns the result of another.
  return String(callSite(register));
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
  Reflect.deleteProperty(Error, "captureStackTrace");
  expect(register()).toBe("an unknown place");
});
