// Adds up what the gate has run: the steps of the check, the tests, and what failed around them.
// Prints "N passed, N failed" last, alone on its line, and fails when anything failed or was not counted.
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

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

for (const name of ["test", "test-runtimes", "test-interop"]) addTests(name, parse(read(`${name}.json`)));

// What failed as a whole counts once, unless the counts above have it already.
if (failed === 0) problems.push(...read("failures").split("\n").filter(Boolean));
for (const problem of problems) console.error(`FAILED: ${problem}`);
failed += problems.length;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function addTests(name, report) {
  if (report === undefined || report.numTotalTests === 0) {
    problems.push(`npm run ${name.replace("-", ":")} left no count of its tests`);
    return;
  }
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) problems.push(`${skipped} tests were skipped: here none may be`);
  for (const { name, status, assertionResults } of report.testResults) {
    const isBroken = status === "failed" && !assertionResults.some((test) => test.status === "failed");
    if (isBroken) problems.push(`${name} failed as a whole`);
    for (const test of assertionResults) if (test.status === "failed") tellFailure(name, test);
  }
}

/** What failed stands beside the count: what was printed when it happened may be thousands of lines above. */
function tellFailure(file, { fullName, failureMessages }) {
  console.error(`FAILED: ${relative(process.cwd(), file)}: ${fullName}`);
  for (const message of failureMessages) console.error(`  ${message.split("\n").slice(0, 12).join("\n  ")}`);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
