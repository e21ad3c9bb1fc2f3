// Holds the documentation against what it speaks of: links against files and headings, the limits against the code.
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "zaptools";
import { ROOT, readSources } from "../architecture/source-files.ts";
import { anchorsOf, linksOf } from "./markdown.ts";
import { fencesIn, PAGES, read } from "./pages.ts";

describe("links", () => {
  const isOutside = (target: string) => /^[a-z]+:/.test(target);
  const inside = PAGES.flatMap((page) =>
    linksOf(read(page))
      .filter(({ target }) => !isOutside(target))
      .map(({ line, target }) => [`${page}:${line}`, page, target] as const),
  );

  it("are found", () => {
    expect(inside.length).toBeGreaterThan(20);
  });

  it.each(inside)("of %s lead somewhere: %s -> %s", (_place, page, target) => {
    const [path = "", anchor] = target.split("#");
    const found = path === "" ? page : posix.join(posix.dirname(page), path);
    expect(existsSync(`${ROOT}${found}`), `${found} does not exist`).toBe(true);
    if (anchor !== undefined) expect([...anchorsOf(read(found))]).toContain(anchor);
  });
});

describe("the README", () => {
  const { exports } = JSON.parse(read("package.json"));
  const subpaths = Object.keys(exports).filter((subpath) => !/^\.$|package\.json$/.test(subpath));

  it.each(subpaths)("says what %s is for", (subpath) => {
    expect(read("README.md")).toContain(`zaptools${subpath.slice(1)}`);
  });
});

describe("the guide to the limits", () => {
  const guide = read("docs/guide-limits.md");
  const rows = [...guide.matchAll(/^\| `(\w+)` \| ([\d,]+|`Infinity`) \|/gm)];
  const listed = new Map(rows.map(([, name = "", value = ""]) => [name, Number(value.replaceAll(/[,`]/g, ""))]));

  it("lists every limit once, with its default", () => {
    expect(listed).toEqual(new Map(Object.entries(DEFAULT_LIMITS)));
    expect(rows).toHaveLength(listed.size);
  });

  it.each(Object.keys(DEFAULT_LIMITS))("lists %s, which is in force: something reads it", (name) => {
    const sources = readSources("src", (path) =>
      /^(?!.*\.test\.ts$|src\/protocol\/(shared-)?limits\.ts$).*\.ts$/.test(path),
    );
    expect(sources.filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text)).length).toBeGreaterThan(0);
  });
});

describe("JSON in the documentation", () => {
  const lines = fencesIn("json").map(({ page, line, code }) => [`${page}:${line}`, code] as const);

  it.each(lines)("is JSON, as a whole or line by line: %s", (_place, code) => {
    const isJson = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const frames = code.split("\n").filter((line) => line.trim() !== "");
    expect(isJson(code) || frames.every(isJson), code).toBe(true);
  });
});
