// Runs the supported compilers over files that use the package by its public names, as its users' compilers would.
// Knows nothing of what the files assert.
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { ensureToolchain, toolchainBin } from "../../scripts/toolchain.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const VALIDATORS = { zod: "zod/index.d.cts", arktype: "arktype/out/index.d.ts" };

/** The versions of TypeScript the package promises to work with. */
export const VERSIONS = ["5.9", "6.0", "7.0"] as const;

/** One of them. */
export type Version = (typeof VERSIONS)[number];

/** What a compiler said. */
export interface Compiled {
  /** Its diagnostics; empty when it had none. */
  readonly errors: string;
  /** The figures of `extendedDiagnostics`, by name. */
  readonly figures: ReadonlyMap<string, number>;
}

/** The package's declarations, freshly emitted, and compilers that see them. */
export interface Compilers {
  /** A folder to write files into. */
  readonly folder: string;
  /** The package's entry points that have declarations, by public name. */
  readonly entries: readonly string[];
  /** Compiles files or folders of the project, or of {@link folder}. Nothing is emitted unless `outDir` is among the options. */
  compile(version: Version, include: readonly string[], options?: Readonly<Record<string, unknown>>): Promise<Compiled>;
  /** Removes everything that was written. */
  remove(): void;
}

/** Emits the declarations of the sources as they are now, as the build does. */
export async function prepareCompilers(): Promise<Compilers> {
  const toolchain = await ensureToolchain();
  const folder = mkdtempSync(join(tmpdir(), "zaptools-types-"));
  const dist = join(folder, "dist");
  // Whether the sources compile is not asked here; what they declare is.
  const args = [TSC, "-p", "tsconfig.build.json", "--emitDeclarationOnly", "--outDir", dist];
  const { stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  if (!existsSync(join(dist, "index.d.ts"))) throw new Error(`No declarations were written:\n${stdout}`);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const paths = entryPaths(dist);
  for (const [name, file] of Object.entries(VALIDATORS)) paths[name] = [join(toolchain, "node_modules", file)];
  paths.valibot = [join(ROOT, "node_modules/valibot/dist/index.d.mts")];
  let configs = 0;
  return {
    folder,
    entries: Object.keys(paths).filter((name) => name.startsWith("zaptools")),
    compile(version, include, options = {}) {
      const config = join(folder, `tsconfig.${++configs}.json`);
      const compilerOptions = { paths, ...options };
      const files = include.map((path) => relative(folder, resolve(ROOT, path)));
      const base = join(ROOT, "test/types/cases/tsconfig.json");
      writeFileSync(config, JSON.stringify({ extends: base, compilerOptions, include: files, exclude: [] }));
      return run(version, config);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function entryPaths(dist: string): Record<string, string[]> {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const paths: Record<string, string[]> = {};
  for (const [subpath, entry] of Object.entries(
    (manifest as { exports: Record<string, { types?: string }> }).exports,
  )) {
    if (entry.types !== undefined) paths[`zaptools${subpath.slice(1)}`] = [entry.types.replace("./dist", dist)];
  }
  return paths;
}

function run(version: Version, config: string): Promise<Compiled> {
  const tsc = version === "7.0" ? TSC : toolchainBin(`typescript-${version}`, "tsc");
  const args = [tsc, "-p", config, "--pretty", "false", "--extendedDiagnostics"];
  return new Promise((settle, reject) => {
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      // Status 1 or 2 says that there are diagnostics; anything else, that it did not run.
      if (error !== null && error.code !== 1 && error.code !== 2) return reject(error);
      const lines = stdout.split("\n");
      const first = lines.findIndex((line) => /^Files:\s+\d/.test(line));
      if (first === -1) return reject(new Error(`TypeScript ${version} did not finish:\n${stdout}${stderr}`));
      const figures = lines.slice(first).map((line): [string, number] => {
        const [name = "", figure = ""] = line.split(/:\s+/);
        return [name, Number.parseFloat(figure)];
      });
      // A mistake in a declaration shows everywhere it is used; the first few tell.
      const errors = lines.slice(0, Math.min(first, 30)).join("\n").trim();
      settle({ errors, figures: new Map(figures) });
    });
  });
}
