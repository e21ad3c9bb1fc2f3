// Holds the files of the house: how long they may be, what they begin with, and what strict code has no place for.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectNone, inPart, isTest, placesOf, sources } from "./architecture/house.ts";
import { ROOT, readSources, readTexts } from "./architecture/source-files.ts";
import { forbiddenIn, nodesOf, switchedOffTests, undocumentedIn } from "./architecture/syntax.ts";

/** Where code is written, tests and tools as well. */
const WRITTEN: readonly string[] = ["src", "types", "test", "bench", "examples", "scripts", ".ci"];
const isCode = (path: string) => /\.(?:ts|tsx|mjs|js)$/.test(path);

const LINES_PER_FILE = 300;
const LINES_PER_CONNECTOR = 150;
const MEDIAN_LINES = 100;

const isShared = (path: string) => path.startsWith("src/connectors/shared/");

describe("files", () => {
  it(`have at most ${LINES_PER_FILE} lines`, () => {
    const all = WRITTEN.flatMap((folder) => readTexts(folder, isCode));
    expect(all.filter(({ path }) => isTest(path)).length).toBeGreaterThan(100);
    const long = all.filter(({ lines }) => lines > LINES_PER_FILE).map(({ path, lines }) => `${path}: ${lines}`);
    expectNone(long, "One idea per file. Find the second idea and give it a file:");
  });

  it(`of connectors have at most ${LINES_PER_CONNECTOR} lines`, () => {
    const long = inPart("connectors")
      .filter(({ path, lines }) => lines > LINES_PER_CONNECTOR && !isShared(path))
      .map(({ path, lines }) => `${path}: ${lines}`);
    expectNone(long, "A connector only translates. Move what it decides to core/ or connectors/shared/:");
  });

  it(`have a median under ${MEDIAN_LINES} lines`, () => {
    const lines = sources.map((file) => file.lines).sort((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)], "Files grow too long. Split some of the longer ones.").toBeLessThan(
      MEDIAN_LINES,
    );
  });

  it("begin with a comment that says what they do", () => {
    const wrong = sources.filter(({ text }) => !/^\/\/ \S.{15,}/.test(text)).map(({ path }) => path);
    expectNone(wrong, "Begin the file with: // What it does, and what it does not know.");
  });

  it("document what they export", () => {
    const wrong = placesOf(sources, ({ text }) => undocumentedIn(text));
    expectNone(wrong, "Say in a doc comment what it does, its units and limits, and what it throws:");
  });

  it("hold nothing that strict TypeScript has no place for", () => {
    expectNone(
      placesOf(sources, ({ text }) => forbiddenIn(text)),
      "Write these in another way:",
    );
  });

  it("leave the public face to pass things on: src/index.ts declares nothing", () => {
    const face = readFileSync(`${ROOT}src/index.ts`, "utf8");
    const [[program] = []] = nodesOf(face);
    const body = Array.isArray(program?.body) ? program.body : [];
    const wrong = body.filter(({ type, source }) => type !== "ExportNamedDeclaration" || source === null);
    expectNone(
      wrong.map(({ type }) => String(type)),
      "Declare it in a file of its own and export it from there:",
    );
  });

  it("that are tests all run: none is skipped, focused or left to do", () => {
    const tests = [...readSources("src", isTest), ...readSources("test", isTest)];
    expect(tests.length).toBeGreaterThan(0);
    const wrong = placesOf(tests, ({ text }) => switchedOffTests(text));
    expectNone(wrong, "Make the test hold, or remove it:");
  });
});
