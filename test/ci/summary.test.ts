// The gate's last line: it must not say that all is well when something failed, was skipped or was never counted.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ROOT } from "../architecture/source-files.ts";

interface Report {
  readonly passed?: number;
  readonly failed?: number;
  readonly skipped?: number;
  readonly brokenFiles?: readonly string[];
}

const CHECK_PASSED = "format: passed\n7 passed, 0 failed\n";

function report({ passed = 10, failed = 0, skipped = 0, brokenFiles = [] }: Report = {}): string {
  return JSON.stringify({
    numTotalTests: passed + failed + skipped,
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    numTodoTests: 0,
    testResults: brokenFiles.map((name) => ({ name, status: "failed", assertionResults: [] })),
  });
}

/** What the summary makes of the files a run has left, besides three tests on other runtimes and with other languages that passed. */
function summary(left: Readonly<Record<string, string>>): { readonly last: string; readonly status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), "zaptools-gate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const elsewhere = { "test-runtimes.json": report({ passed: 2 }), "test-interop.json": report({ passed: 1 }) };
  const files = { ...elsewhere, ...left };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { stdout, status } = spawnSync(process.execPath, [`${ROOT}.ci/summary.mjs`, folder], { encoding: "utf8" });
  return { last: stdout.trimEnd().split("\n").at(-1) ?? "", status };
}

it("adds the steps of the check to the tests", () => {
  const outcome = summary({ "check.log": CHECK_PASSED, "test.json": report() });
  expect(outcome).toEqual({ last: "20 passed, 0 failed", status: 0 });
});

it.each<[string, Readonly<Record<string, string>>, string]>([
  ["a test failed", { "check.log": CHECK_PASSED, "test.json": report({ failed: 2 }) }, "20 passed, 2 failed"],
  [
    "a step of the check failed",
    { "check.log": "6 passed, 1 failed\n", "test.json": report(), failures: "npm run check\n" },
    "19 passed, 1 failed",
  ],
  ["a test was skipped", { "check.log": CHECK_PASSED, "test.json": report({ skipped: 1 }) }, "20 passed, 1 failed"],
  [
    "a test file could not be loaded",
    { "check.log": CHECK_PASSED, "test.json": report({ brokenFiles: ["a.test.ts"] }) },
    "20 passed, 1 failed",
  ],
  [
    "the tests failed without a test that did",
    { "check.log": CHECK_PASSED, "test.json": report(), failures: "npm test\n" },
    "20 passed, 1 failed",
  ],
  ["the check left no count", { "check.log": "killed\n", "test.json": report() }, "13 passed, 1 failed"],
  ["the tests left no report", { "check.log": CHECK_PASSED }, "10 passed, 1 failed"],
  ["the report is cut short", { "check.log": CHECK_PASSED, "test.json": '{"numTotal' }, "10 passed, 1 failed"],
  [
    "nothing was counted on other runtimes",
    { "check.log": CHECK_PASSED, "test.json": report(), "test-runtimes.json": "" },
    "18 passed, 1 failed",
  ],
  [
    "nothing was counted with other languages",
    { "check.log": CHECK_PASSED, "test.json": report(), "test-interop.json": "" },
    "19 passed, 1 failed",
  ],
  ["no test ran", { "check.log": CHECK_PASSED, "test.json": report({ passed: 0 }) }, "10 passed, 1 failed"],
  [
    "nothing was installed",
    { failures: "npm ci\n", "test-runtimes.json": "", "test-interop.json": "" },
    "0 passed, 5 failed",
  ],
])("fails when %s", (_what, files, last) => {
  expect(summary(files)).toEqual({ last, status: 1 });
});
