// Runs the soak of test/attacks at its full size: `npm run soak`, or `npm run soak -- <connections> <seconds>`.
// Prints its figures, and fails when it does not hold.
import { spawnSync } from "node:child_process";

const [connections = "2000", seconds = "60"] = process.argv.slice(2);
const env = { ...process.env, SOAK: `${connections} ${seconds}` };
const { status } = spawnSync("node_modules/.bin/vitest", ["run", "test/attacks/soak.test.ts"], {
  stdio: "inherit",
  env,
});
process.exitCode = status ?? 1;
