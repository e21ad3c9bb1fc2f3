// Compiles programs with the project's own compiler against its sources, strict as users are told to be.
// The package imports itself by name there, as it does in a user's project. Runs nothing.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { ROOT } from "../architecture/source-files.ts";

/** Where programs are written to and compiled, from the project's folder. Kept after a run, for looking. */
const FOLDER = "test-results/snippets";

/** A program that has been compiled. */
export interface Compiled {
  /** The module to run. */
  readonly path: string;
  /** What the compiler said about it. */
  readonly errors: readonly string[];
}

/** Compiles programs, by file name without an ending. */
export function compile(programs: ReadonlyMap<string, string>): ReadonlyMap<string, Compiled> {
  const folder = `${ROOT}${FOLDER}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/out`, { recursive: true });
  const exported = sourceExports();
  writeJson(`${folder}/tsconfig.json`, {
    extends: "../../tsconfig.json",
    compilerOptions: {
      noEmit: false,
      rootDir: "../..",
      outDir: "out",
      noUnusedLocals: false,
      noUnusedParameters: false,
      erasableSyntaxOnly: false,
      paths: Object.fromEntries([...exported].map(([name, { types }]) => [name, [`../../${types}`]])),
    },
    // What Node runs need not be what types come from.
    include: ["*.ts", ...[...exported.values()].map(({ run }) => `../../${run.replace(/js$/, "ts")}`)],
  });
  writeJson(`${folder}/out/package.json`, {
    name: "zaptools",
    type: "module",
    exports: Object.fromEntries([...exported].map(([name, { run }]) => [name.replace("zaptools", "."), `./${run}`])),
  });
  for (const [name, code] of programs) writeFileSync(`${folder}/${name}.ts`, code);
  const said = runCompiler(folder);
  const compiled = [...programs.keys()].map((name) => {
    const errors = said.filter((line) => line.startsWith(`${FOLDER}/${name}.ts`));
    return [name, { path: `${folder}/out/${FOLDER}/${name}.js`, errors }] as const;
  });
  return new Map(compiled);
}

function runCompiler(folder: string): readonly string[] {
  try {
    execFileSync(`${ROOT}node_modules/.bin/tsc`, ["-p", folder, "--pretty", "false"], { cwd: ROOT, stdio: "pipe" });
    return [];
  } catch (error) {
    if (!(error instanceof Error) || !("stdout" in error)) throw error;
    // An error's further lines are indented; they belong to the line before.
    return String(error.stdout).split(/\n(?=\S)/);
  }
}

interface SourceExport {
  readonly types: string;
  readonly run: string;
}

/** The package's exports, each with the source of its types and the file that Node would run. */
function sourceExports(): ReadonlyMap<string, SourceExport> {
  const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
  const found = new Map<string, SourceExport>();
  for (const [subpath, target] of Object.entries<Record<string, string> | string>(exports)) {
    if (typeof target === "string") continue;
    const types = (target.types ?? "").replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts");
    const run = (target.node ?? target.default ?? "").replace("./dist/", "src/");
    found.set(subpath.replace(/^\./, "zaptools"), { types, run });
  }
  return found;
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value, undefined, 2));
}
