// Checks everything about the project that needs no running: one line for each step, and what a failed step said.
// Knows no more of the steps than how they are called.
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { ensureToolchain, toolchainBin } from "./toolchain.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const local = (bin) => join(ROOT, "node_modules/.bin", bin);

await ensureToolchain();

const steps = [
  { name: "format and lint", command: [local("biome"), "check", "--error-on-warnings", "."] },
  // Before the types: examples and snippets see the package as it was built.
  { name: "build", command: [process.execPath, "scripts/build.mjs"] },
  { name: "types", command: [local("tsc"), "-p", "tsconfig.json"] },
  { name: "dead code", command: [local("knip")] },
  { name: "package (publint)", command: [local("publint"), "run", "--strict"] },
  {
    name: "package (are the types wrong)",
    command: [
      process.execPath,
      toolchainBin("@arethetypeswrong/cli", "attw"),
      ...["--pack", ".", "--profile", "esm-only"],
      // A script for pages, which has no types to be wrong.
      ...["--exclude-entrypoints", "./script"],
    ],
  },
  { name: "size", command: [local("size-limit")] },
];

let failed = 0;
for (const { name, command } of steps) {
  const started = performance.now();
  const [file, ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 26 });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "passed" : "FAILED"}  ${name} (${seconds} s)`);
  if (status === 0) continue;
  failed++;
  console.log(indent(error === undefined ? stdout + stderr : String(error)));
}
console.log(`${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function indent(text) {
  return text.trim().replaceAll(/^/gm, "  ");
}
