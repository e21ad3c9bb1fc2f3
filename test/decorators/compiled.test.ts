// Marked methods as compilers really translate them, run in Node.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { toolchainBin } from "../../scripts/toolchain.mjs";
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
    const config = JSON.stringify({ compilerOptions: { experimentalDecorators } });
    const translated = join(compilers.folder, `esbuild-${kind}.js`);
    await esbuild([FIXTURE, `--outfile=${translated}`, `--tsconfig-raw=${config}`, "--target=es2022"]);
    expect(await play(translated)).toEqual(ANSWERS);
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
  await esbuild([
    entry,
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--target=node20",
    `--outfile=${bundle}`,
    `--alias:zaptools=${join(SOURCES, "index.ts")}`,
    `--alias:zaptools/decorators=${join(SOURCES, "decorators.ts")}`,
  ]);
  const { stdout } = await run(process.execPath, [bundle]);
  return JSON.parse(stdout);
}

async function esbuild(args: readonly string[]): Promise<void> {
  await run(process.execPath, [toolchainBin("esbuild", "esbuild"), "--log-level=warning", ...args]);
}
