// Builds a program of this folder so that a process of its own can run it. Starts none.
import { mkdirSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { buildSync } from "esbuild";
import { ROOT } from "../architecture/source-files.ts";

/** A program that can be started with Node. */
export interface Program {
  readonly path: string;
  remove(): void;
}

/** Bundles `test/brokers/programs/<name>.ts`; packages are found from this folder. */
export function buildProgram(name: string): Program {
  // Beside the packages that only brokers need.
  const folder = `${ROOT}test/brokers/dist/${process.pid}`;
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/${basename(name, ".ts")}.mjs`;
  buildSync({
    entryPoints: [`${ROOT}test/brokers/programs/${name}.ts`],
    outfile: path,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
  });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
