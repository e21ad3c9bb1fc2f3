// Marked methods as compilers really translate them, run in Node.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Compilers, prepareCompilers, VERSIONS } from "../types/compilers.ts";

const run = promisify(execFile);
const SOURCES = resolve(import.meta.dirname, "../../src");
const FIXTURE = join(import.meta.dirname, "fixture.ts");
const ANSWERS = {
  own: "hello you",
  first: "first",
  second: "second",
  inherited: "inherited by Chat",
  overridden: "overridden",
  "wrapped:above": "HELLO ABOVE",
  "wrapped:below": "HELLO BELOW",
};

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

let compilers: Compilers;

beforeAll(async () => {
  compilers = await prepareCompilers();
});

afterAll(() => compilers.remove());

describe.each([
  { kind: "standard", experimentalDecorators: false },
  { kind: "legacy", experimentalDecorators: true },
])("methods marked with $kind decorators handle their events", ({ kind, experimentalDecorators }) => {
  test("when esbuild translates them", async () => {
    const tsconfigRaw = { compilerOptions: { experimentalDecorators } };
    const outfile = join(compilers.folder, `esbuild-${kind}.js`);
    await build({ entryPoints: [FIXTURE], outfile, tsconfigRaw, target: "es2022" });
    expect(await play(outfile)).toEqual(ANSWERS);
  });

  test.each(VERSIONS)("when TypeScript %s translates them", async (version) => {
    const outDir = join(compilers.folder, `typescript-${version}-${kind}`);
    const emitting = { noEmit: false, rewriteRelativeImportExtensions: true, rootDir: import.meta.dirname, outDir };
    const options = { experimentalDecorators, ...emitting };
    expect(await compilers.compile(version, [FIXTURE], options)).toMatchObject({ errors: "" });
    expect(await play(join(outDir, "fixture.js"))).toEqual(ANSWERS);
  });
});

/** Runs the play with a translated fixture, over the sources of the package. */
async function play(translated: string): Promise<unknown> {
  const text = readFileSync(join(import.meta.dirname, "play.ts"), "utf8")
    .replace("./fixture.ts", translated)
    .replace("../support", resolve(import.meta.dirname, "../support"));
  const entry = `${translated}.play.ts`;
  const bundle = `${translated}.play.mjs`;
  writeFileSync(entry, text);
  await build({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    alias: { zaptools: join(SOURCES, "index.ts"), "zaptools/decorators": join(SOURCES, "decorators.ts") },
  });
  const { stdout } = await run(process.execPath, [bundle]);
  return JSON.parse(stdout);
}
