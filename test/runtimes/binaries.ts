// Where the binaries of runtimes are that came as packages. Runs none.
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MODULES = fileURLToPath(new URL("node_modules/", import.meta.url));

/** Bun: in the package of its platform, or where its install script has moved it from there. */
export function bunBinary(): string {
  const platforms = readdirSync(`${MODULES}@oven`).map((name) => `${MODULES}@oven/${name}/bin/bun`);
  const binary = [...platforms, `${MODULES}bun/bin/bun.exe`].find((path) => existsSync(path));
  if (binary === undefined) throw new Error("Bun has no binary for this platform: run npm run test:runtimes.");
  return binary;
}
