// Adds up what the gate has run: the steps of the check, the tests, and what failed around them.
// Prints "N passed, N failed" last, alone on its line, and fails when anything failed or was not counted.
import { existsSync, readFileSync } from "node:fs";

const [, , folder] = process.argv;
const read = (name) => (existsSync(`${folder}/${name}`) ? readFileSync(`${folder}/${name}`, "utf8") : "");

const problems = [];
let passed = 0;
let failed = 0;

const [check] = [...read("check.log").matchAll(/^(\d+) passed, (\d+) failed$/gm)].slice(-1);
if (check === undefined) problems.push("npm run check did not say how many of its steps passed");
else {
  passed += Number(check[1]);
  failed += Number(check[2]);
}

const report = parse(read("tests.json"));
if (report === undefined || report.numTotalTests === 0) problems.push("npm test left no count of its tests");
else {
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) problems.push(`${skipped} tests were skipped: here none may be`);
  for (const { name, status, assertionResults } of report.testResults) {
    if (status === "failed" && !assertionResults.some((test) => test.status === "failed"))
      problems.push(`${name} failed`);
  }
}

// What failed as a whole counts once, unless the counts above have it already.
if (failed === 0) problems.push(...read("failures").split("\n").filter(Boolean));
for (const problem of problems) console.error(`FAILED: ${problem}`);
failed += problems.length;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
