// Installs the packages of a folder under test/ when a test or check needs them. Does not know what they are for.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const ROOT = resolve(import.meta.dirname, "..");
const TOOLCHAIN = join(ROOT, "test/toolchain");
const FRAMEWORKS = join(ROOT, "test/browser/frameworks");
const BROKERS = join(ROOT, "test/brokers");
const SERVER_FRAMEWORKS = join(ROOT, "test/frameworks");
const RUNTIMES = join(ROOT, "test/runtimes");
const SIZES = join(ROOT, "test/sizes");
const FIREFOX = join(ROOT, "test/browser/firefox");

/** Makes sure of the compilers, validators and linters; see {@link ensureInstalled}. */
export const ensureToolchain = () => ensureInstalled(TOOLCHAIN, "about 110 MB");

/** Makes sure of the frameworks that run in browsers, and their compilers; see {@link ensureInstalled}. */
export const ensureFrameworks = () => ensureInstalled(FRAMEWORKS, "about 50 MB");

/** Makes sure of the client libraries of brokers; see {@link ensureInstalled}. */
export const ensureBrokerClients = () => ensureInstalled(BROKERS, "about 20 MB");

/** Makes sure of the frameworks that connectors are made for; see {@link ensureInstalled}. */
export const ensureServerFrameworks = () => ensureInstalled(SERVER_FRAMEWORKS, "about 90 MB");

/** Makes sure of the runtimes besides Node; see {@link ensureInstalled}. */
export const ensureRuntimes = () => ensureInstalled(RUNTIMES, "about 950 MB");

/** Makes sure of the clients of others that ours is measured beside; see {@link ensureInstalled}. */
export const ensureSizes = () => ensureInstalled(SIZES, "about 20 MB");

/** Makes sure of what drives Firefox; see {@link ensureInstalled}. */
export const ensureFirefoxDriver = () => ensureInstalled(FIREFOX, "about 60 MB");

/**
 * Makes sure that everything in a folder's package-lock.json is installed. Several processes may ask at once; one
 * installs, the others wait for it.
 *
 * @returns {Promise<string>} The folder; its `node_modules` is ready.
 * @throws {Error} When the installation fails, with what npm said.
 */
async function ensureInstalled(folder, size) {
  const lock = join(folder, ".cache");
  while (!isInstalled(folder)) {
    if (!takeLock(lock)) {
      await sleep(200);
      continue;
    }
    try {
      if (!isInstalled(folder)) install(folder, size);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return folder;
}

/** The file that starts a tool of the toolchain: `bin` as its package declares it. */
export function toolchainBin(packageName, bin) {
  const folder = join(TOOLCHAIN, "node_modules", packageName);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof manifest.bin === "string" ? manifest.bin : manifest.bin[bin]);
}

function isInstalled(folder) {
  return modified(join(folder, "node_modules/.package-lock.json")) >= modified(join(folder, "package-lock.json"));
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function install(folder, size) {
  const name = relative(ROOT, folder);
  console.log(`installing the packages of ${name} (${size}, once)`);
  // Its postinstall only makes esbuild start faster; nothing needs scripts.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ci failed in ${name}:\n${stdout}${stderr}`);
}

/** Whether this process may install now. A lock whose owner is gone is taken over. */
function takeLock(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(ownerOf(lock), String(process.pid));
    return true;
  } catch {
    if (!isAlive(lock)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function ownerOf(lock) {
  return join(lock, "owner");
}

function pidIn(lock) {
  try {
    return Number(readFileSync(ownerOf(lock), "utf8"));
  } catch {
    return 0;
  }
}

function isAlive(lock) {
  const pid = pidIn(lock);
  // An owner that has not written its name yet is at it.
  if (!(pid > 0)) return modified(lock) > Date.now() - 5_000;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === import.meta.filename) await ensureToolchain();
