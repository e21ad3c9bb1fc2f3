// A test that cannot run must be seen: it fails in CI, and elsewhere the end of the run names it.
import { expect, it, type TestContext, vi } from "vitest";
import { notRun } from "./missing.ts";
import { notesOf } from "./missing-reporter.ts";

class Left extends Error {}

/** A context that says what it was left with. */
function contextOf(notes: string[]): TestContext {
  const skip = (note: string) => {
    notes.push(note);
    throw new Left();
  };
  return { skip } as unknown as TestContext;
}

it("leaves a test out on a developer's machine, with a note that says what is missing", () => {
  vi.stubEnv("CI", "");
  const notes: string[] = [];
  expect(() => notRun(contextOf(notes), "browser tests", "no Chromium found")).toThrow(Left);
  expect(notes).toEqual(["NOT RUN: browser tests: no Chromium found"]);
});

it("fails a test in CI", () => {
  vi.stubEnv("CI", "true");
  const notes: string[] = [];
  expect(() => notRun(contextOf(notes), "browser tests", "no Chromium found")).toThrow(
    "NOT RUN: browser tests: no Chromium found",
  );
  expect(notes).toEqual([]);
});

it("names each missing thing once, with the number of tests it cost", () => {
  const notes = ["NOT RUN: a: x", undefined, "NOT RUN: b: y", "for another reason", "NOT RUN: a: x"];
  expect(notesOf(notes)).toEqual(["NOT RUN: a: x (2 tests)", "NOT RUN: b: y (1 test)"]);
});
