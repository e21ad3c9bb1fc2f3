// Makes the programs of test/interop ready, as far as Python and Go are here, and runs the tests that talk with them.
// Does not know what these programs do. What is missing, the tests report.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";

const FOLDER = "test/interop";
const VENV = `${FOLDER}/.venv`;
const REQUIREMENTS = `${FOLDER}/python/requirements.txt`;
// Put there last, so that an installation that was cut short is not taken for one.
const INSTALLED = `${VENV}/requirements.txt`;

const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");
const canRun = (command, ...args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

if (!canRun("python3", "-c", "import ensurepip, sys; assert sys.version_info >= (3, 10)")) {
  console.error("interop: no Python 3.10 or later with venv here (apt-get install python3-venv)");
} else if (read(INSTALLED) !== read(REQUIREMENTS)) {
  console.log(`interop: installing the packages of ${REQUIREMENTS} (about 80 MB, once)`);
  rmSync(VENV, { recursive: true, force: true });
  run("python3", ["-m", "venv", VENV]);
  run(`${VENV}/bin/python`, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]);
  copyFileSync(REQUIREMENTS, INSTALLED);
}

if (!canRun("go", "version")) console.error("interop: no Go here (apt-get install golang-go)");
else run("go", ["build", "-trimpath", "-buildvcs=false", "-o", "../.bin/peer", "."], `${FOLDER}/go`);

run("node_modules/.bin/vitest", ["run", "-c", "vitest.interop.config.ts", ...process.argv.slice(2)]);

function run(command, args, cwd = ".") {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
