// Where the binaries of runtimes are that came as packages. Runs none.
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MODULES = fileURLToPath(new URL("node_modules/", import.meta.url));

/** Bun: in the package of its platform, or where its install script has moved it from there. */
export function bunBinary(): string {
  const platforms = readdirSync(`${MODULES}@oven`).map((name) => `${MODULES}@oven/${name}/bin/bun`);
  return there("Bun", [...platforms, `${MODULES}bun/bin/bun.exe`]);
}

/** Deno: in the package of its platform. */
export function denoBinary(): string {
  const platforms = readdirSync(`${MODULES}@deno`).map((name) => `${MODULES}@deno/${name}/deno`);
  return there("Deno", platforms);
}

/** workerd, the runtime of Cloudflare's Workers: in the package of its platform. */
export function workerdBinary(): string {
  const platforms = readdirSync(`${MODULES}@cloudflare`).map((name) => `${MODULES}@cloudflare/${name}/bin/workerd`);
  return there("workerd", platforms);
}

/** Node of another major version. */
export function nodeBinary(major: number): string {
  return there(`Node ${major}`, [`${MODULES}node${major}/bin/node`]);
}

function there(name: string, places: readonly string[]): string {
  const binary = places.find((path) => existsSync(path));
  if (binary === undefined) throw new Error(`${name} has no binary for this platform: run npm run test:runtimes.`);
  return binary;
}
