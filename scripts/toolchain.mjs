// Installs the packages of test/toolchain when a test or check needs them. Does not know what they are for.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const FOLDER = resolve(import.meta.dirname, "../test/toolchain");
const LOCK = join(FOLDER, ".cache");
const OWNER = join(LOCK, "owner");

/**
 * Makes sure that everything in test/toolchain/package-lock.json is installed. Several processes may ask at once; one
 * installs, the others wait for it.
 *
 * @returns {Promise<string>} The folder; its `node_modules` is ready.
 * @throws {Error} When the installation fails, with what npm said.
 */
export async function ensureToolchain() {
  while (!isInstalled()) {
    if (!takeLock()) {
      await sleep(200);
      continue;
    }
    try {
      if (!isInstalled()) install(FOLDER);
    } finally {
      rmSync(LOCK, { recursive: true, force: true });
    }
  }
  return FOLDER;
}

/** The file that starts a tool of the toolchain: `bin` as its package declares it. */
export function toolchainBin(packageName, bin) {
  const folder = join(FOLDER, "node_modules", packageName);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof manifest.bin === "string" ? manifest.bin : manifest.bin[bin]);
}

function isInstalled() {
  return modified(join(FOLDER, "node_modules/.package-lock.json")) >= modified(join(FOLDER, "package-lock.json"));
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function install(folder) {
  console.log("toolchain: installing the packages of test/toolchain (about 110 MB, once)");
  // Its postinstall only makes esbuild start faster; nothing needs scripts.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ci failed in test/toolchain:\n${stdout}${stderr}`);
}

/** Whether this process may install now. A lock whose owner is gone is taken over. */
function takeLock() {
  try {
    mkdirSync(LOCK);
    writeFileSync(OWNER, String(process.pid));
    return true;
  } catch {
    if (!isAlive(lockOwner())) rmSync(LOCK, { recursive: true, force: true });
    return false;
  }
}

function lockOwner() {
  try {
    return Number(readFileSync(OWNER, "utf8"));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  // An owner that has not written its name yet is at it.
  if (!(pid > 0)) return modified(LOCK) > Date.now() - 5_000;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === import.meta.filename) await ensureToolchain();
