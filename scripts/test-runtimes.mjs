// Installs the runtimes of test/runtimes when they are missing, and holds the connector contract over each of them.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

const FOLDER = "test/runtimes";

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (modified(`${FOLDER}/node_modules/.package-lock.json`) < modified(`${FOLDER}/package-lock.json`)) {
  console.log(`runtimes: installing the packages of ${FOLDER} (about 370 MB, once)`);
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], FOLDER);
}
run("node_modules/.bin/vitest", ["run", "-c", "vitest.runtimes.config.ts", ...process.argv.slice(2)]);

function run(command, args, cwd = ".") {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
