// Holds what leaves the house: the package's dependencies, its exports, and whose types its own are made of.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectNone, isOf, manifest, peerOf, sources } from "./architecture/house.ts";
import { ROOT } from "./architecture/source-files.ts";
import { globalsIn, importsOf } from "./architecture/syntax.ts";

const FOREIGN_TYPES: ReadonlySet<string> = new Set(["Buffer", "NodeJS", "Bun", "Deno"]);

describe("the package", () => {
  it("has one runtime dependency: ws", () => {
    expect(Object.keys(manifest.dependencies)).toEqual(["ws"]);
  });

  it("exports only what has a source", () => {
    const known = new Set(sources.map(({ path }) => path));
    const targets = Object.values(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [] : Object.values(target),
    );
    const wrong = targets.filter((target) => !known.has(sourceOf(target)));
    expectNone(wrong, "package.json exports these, but src/ has no file for them:");
  });
});

describe("the public types", () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "zaptools-types-"));
    const emit = ["-p", "tsconfig.build.json", "--emitDeclarationOnly", "--noCheck", "--outDir", folder];
    execFileSync(`${ROOT}node_modules/.bin/tsc`, emit, { cwd: ROOT });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("mention nobody else's: users need the typings of no framework, and not those of Node", () => {
    const declarations = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".d.ts"),
    );
    expect(declarations.length).toBe(sources.length);
    const wrong = declarations.flatMap((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const foreign = importsOf(text).filter(
        ({ what }) => !what.startsWith(".") && !isOf(what, peerOf(`src/${name.replace(/\.d\.ts$/, ".ts")}`)),
      );
      const referenced = [...text.matchAll(/\/\/\/ <reference types="(.+?)"/g)].map(([, what = ""]) => what);
      const globals = globalsIn(text, FOREIGN_TYPES);
      return [...foreign, ...globals].map(({ what }) => `${name} mentions ${what}`).concat(referenced);
    });
    expectNone(wrong, "Describe these structurally, as src/connectors/shared/ws-types.ts does:");
  });
});

/** The source a built file comes from. */
function sourceOf(target: string): string {
  return target
    .replace(/^\.\/dist\//, "src/")
    .replace(/\.d\.ts$/, ".ts")
    .replace(/\.js$/, ".ts");
}
