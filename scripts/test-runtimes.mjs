// Installs the runtimes and frameworks that are missing, and runs over them what has to hold everywhere: the tests of the
// core, and the connector contract.
import { spawnSync } from "node:child_process";
import { ensureRuntimes, ensureServerFrameworks } from "./toolchain.mjs";

await ensureRuntimes();
await ensureServerFrameworks();

const tests = ["run", "-c", "vitest.runtimes.config.ts", ...process.argv.slice(2)];
const { status } = spawnSync("node_modules/.bin/vitest", tests, { stdio: "inherit" });
process.exitCode = status ?? 1;
