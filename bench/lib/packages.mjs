// Sees to it that what the bench measures against is installed. It is not part of the root install.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { redisVersion } from "./redis.mjs";

const here = fileURLToPath(new URL("..", import.meta.url));

/** Installs the packages of the bench where they are missing or are other versions. @throws when that fails. */
export function installPackages() {
  const wanted = JSON.parse(readFileSync(`${here}package.json`, "utf8")).dependencies;
  if (Object.entries(wanted).every(([name, version]) => installedVersion(name) === version)) return;
  process.stderr.write("Installing what the bench measures against …\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
  if (status !== 0) throw new Error("npm ci in bench/ failed: the bench cannot run without its packages.");
}

/** The versions of all that takes part. */
export function versions() {
  const root = createRequire(new URL("../../package.json", import.meta.url));
  return {
    node: process.versions.node,
    ws: JSON.parse(readFileSync(root.resolve("ws/package.json"), "utf8")).version,
    "socket.io": installedVersion("socket.io"),
    crossws: installedVersion("crossws"),
    bun: installedVersion("bun"),
    redis: installedVersion("redis"),
    "redis-server": redisVersion(),
    "@socket.io/redis-adapter": installedVersion("@socket.io/redis-adapter"),
  };
}

function installedVersion(name) {
  const manifest = `${here}node_modules/${name}/package.json`;
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : undefined;
}
