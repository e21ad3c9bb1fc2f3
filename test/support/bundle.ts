// Makes one file that Node can run of a program of the tests. Knows no program.
import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { buildSync } from "esbuild";

let made = 0;

/** A program as one file. */
export interface Bundle {
  /** Where it is. */
  readonly path: string;
  /** Takes it away again. */
  remove(): void;
}

/** Bundles a program. Its packages stay outside, and are looked up from where it lies. */
export function bundle(program: string): Bundle {
  const name = `${basename(program, ".ts")}-${process.pid}-${++made}.mjs`;
  const path = join(dirname(program), ".cache", name);
  buildSync({
    entryPoints: [program],
    outfile: path,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
  });
  return { path, remove: () => rmSync(path, { force: true }) };
}
