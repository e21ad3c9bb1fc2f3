// Holds the house: which part may know which, how large a file may be, and what strict code has no place for.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cycleIn } from "./architecture/cycles.ts";
import { type Import, loadedWith, partOf, ROOT, readSources, type SourceFile } from "./architecture/source-files.ts";
import {
  type Finding,
  forbiddenIn,
  globalsIn,
  importsOf,
  nodesOf,
  switchedOffTests,
  undocumentedIn,
} from "./architecture/syntax.ts";

/** What each part of `src/` may import besides itself. CONTRIBUTING.md draws the same arrows. */
const MAY_IMPORT: ReadonlyMap<string, readonly string[]> = new Map([
  ["protocol", []],
  ["core", ["protocol"]],
  ["rooms", ["core", "protocol"]],
  ["brokers", ["rooms", "core", "protocol"]],
  ["connectors", ["core", "protocol"]],
  ["client", ["protocol"]],
  ["index", ["core", "rooms", "protocol"]],
  ["decorators", ["core", "protocol"]],
]);

/** Parts that run on every runtime, and the files that are made for one of them. */
const PORTABLE: readonly string[] = ["protocol", "core", "rooms", "client", "index", "decorators"];
const MADE_FOR_NODE: ReadonlySet<string> = new Set(["src/client/node.ts", "src/client/ws-socket.ts"]);

/** Connectors of runtimes that are not Node, where they are there. */
const OTHER_RUNTIMES: readonly string[] = ["bun", "deno", "cloudflare", "elysia", "h3", "hono", "uws", "websocket"];

/** Files made for an optional peer: who loads one has it, so it may be imported there and its types may be told. */
const MADE_FOR_PEER: ReadonlyMap<string, string> = new Map([
  ["src/brokers/io-redis.ts", "ioredis"],
  ["src/brokers/nats.ts", "@nats-io/transport-node"],
  ["src/brokers/node-redis.ts", "redis"],
  ["src/client/react.ts", "react"],
  ["src/client/solid.ts", "solid-js"],
  ["src/client/svelte.ts", "svelte"],
  ["src/client/vue.ts", "vue"],
]);

/** What would make protocol/ depend on time, chance or a process. */
const IMPURE: ReadonlySet<string> = new Set([
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "Date.now",
  "Math.random",
  "Date",
  "performance",
  "process",
  "Buffer",
  "console",
  "fetch",
  "WebSocket",
]);

const LINES_PER_FILE = 300;
const LINES_PER_CONNECTOR = 150;
const MEDIAN_LINES = 100;

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifest: Manifest = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
const isTest = (path: string) => /\.(?:test|runtime|interop)\.tsx?$/.test(path);
const isSource = (path: string) => /\.tsx?$/.test(path) && !isTest(path);
const sources = readSources("src", isSource);

/** Fails with what to do, and with each place where. */
function expectNone(places: readonly string[], advice: string): void {
  if (places.length > 0) expect.fail(`${advice}\n  ${places.join("\n  ")}`);
}

function placesOf(files: readonly SourceFile[], find: (file: SourceFile) => readonly Finding[]): readonly string[] {
  return files.flatMap((file) => find(file).map(({ what, line }) => `${file.path}:${line} ${what}`));
}

function importPlaces(
  files: readonly SourceFile[],
  isWrong: (file: SourceFile, imported: Import) => boolean,
): readonly string[] {
  return files.flatMap((file) =>
    file.imports
      .filter((imported) => isWrong(file, imported))
      .map(({ line, specifier }) => `${file.path}:${line} imports ${specifier}`),
  );
}

const isShared = (path: string) => path.startsWith("src/connectors/shared/");
const inPart = (...parts: readonly string[]) => sources.filter(({ path }) => parts.includes(partOf(path)));

describe("the arrows", () => {
  it("lead from sources that are there: the test reads what it should", () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(sources.length);
  });

  it("know every part of src/", () => {
    const strangers = sources.filter(({ path }) => !MAY_IMPORT.has(partOf(path))).map(({ path }) => path);
    expectNone(strangers, "These files are in no part of the house. Move them, or add the part to MAY_IMPORT:");
  });

  it.each([...MAY_IMPORT])("of %s lead to nothing but %j", (part, allowed) => {
    const wrong = importPlaces(inPart(part), (_file, { path }) => {
      return path !== undefined && partOf(path) !== part && !allowed.includes(partOf(path));
    });
    expectNone(wrong, `${part} may not know these. Turn the dependency round, with a port in ${part} if need be:`);
  });

  it("lead to files that are there, written with their ending", () => {
    const known = new Set(sources.map(({ path }) => path));
    const wrong = importPlaces(sources, (_file, { path }) => path !== undefined && !known.has(path));
    expectNone(wrong, "These imports name no source file. Write the path with its .ts:");
  });

  it("never close a cycle, not even of types", () => {
    const edges = sources.map(
      ({ path, imports }) => [path, imports.flatMap((imported) => imported.path ?? [])] as const,
    );
    const cycle = cycleIn(new Map(edges)) ?? [];
    expectNone(cycle, "These files import each other in a circle. Move what both need into a file of its own:");
  });

  it("lead from one connector to no other: shared/ is the common ground", () => {
    const wrong = importPlaces(inPart("connectors"), (file, { path }) => {
      if (path === undefined || partOf(path) !== "connectors") return false;
      return isShared(file.path) ? !isShared(path) : path !== file.path && !isShared(path);
    });
    expectNone(wrong, "Move what several connectors need to src/connectors/shared/:");
  });

  it("lead out of the package only to its dependencies, and to optional peers where a part is made for them", () => {
    const dependencies = Object.keys(manifest.dependencies);
    const wrong = importPlaces(sources, (file, { path, specifier }) => {
      if (path !== undefined || isBuiltin(specifier)) return false;
      const mayUse = partOf(file.path) === "connectors" || MADE_FOR_NODE.has(file.path) ? dependencies : [];
      return !isOf(specifier, mayUse) && !isOf(specifier, peerOf(file.path));
    });
    expectNone(wrong, "Describe the parts you need structurally instead of importing a package:");
  });
});

describe("every runtime", () => {
  it("can load the parts that are made for all: they import nothing of Node's", () => {
    const portable = inPart(...PORTABLE).filter(({ path }) => !MADE_FOR_NODE.has(path));
    const wrong = importPlaces(portable, (_file, { specifier }) => isBuiltin(specifier));
    expectNone(wrong, "Use what all runtimes have, or move this to a connector:");
  });

  it("gets a connector that loads nothing of Node's, and no ws, where it is not Node", () => {
    const others = OTHER_RUNTIMES.flatMap((name) => loadedWith(`src/connectors/${name}.ts`, sources));
    const wrong = importPlaces(others, (_file, { path }) => path === undefined);
    expectNone([...new Set(wrong)], "Keep what is Node's in files that only Node's connectors load:");
  });

  it("computes the same in protocol/: no time, no chance, no process", () => {
    const wrong = placesOf(inPart("protocol"), ({ text }) => globalsIn(text, IMPURE));
    expectNone(wrong, "Take it as an argument, such as a Clock:");
  });

  it("keeps wire names away from event emitters", () => {
    const emitters = new Set(["EventEmitter", "EventTarget", "dispatchEvent"]);
    const wrong = [
      ...placesOf(sources, ({ text }) => globalsIn(text, emitters)),
      ...importPlaces(sources, (_file, { specifier }) => /^(?:node:)?events$/.test(specifier)),
    ];
    expectNone(wrong, "An emitter gives `error` and other names a meaning of its own. Use a Map of handlers:");
  });
});

describe("files", () => {
  it(`have at most ${LINES_PER_FILE} lines`, () => {
    const long = sources.filter(({ lines }) => lines > LINES_PER_FILE).map(({ path, lines }) => `${path}: ${lines}`);
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

/** The optional peer that a file may know. */
function peerOf(path: string): readonly string[] {
  const peer = MADE_FOR_PEER.get(path);
  return peer !== undefined && peer in (manifest.peerDependencies ?? {}) ? [peer] : [];
}

/** Whether `specifier` is one of these packages, or a part of one. */
function isOf(specifier: string, packages: readonly string[]): boolean {
  return packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

const FOREIGN_TYPES: ReadonlySet<string> = new Set(["Buffer", "NodeJS", "Bun", "Deno"]);

/** The source a built file comes from. */
function sourceOf(target: string): string {
  return target
    .replace(/^\.\/dist\//, "src/")
    .replace(/\.d\.ts$/, ".ts")
    .replace(/\.js$/, ".ts");
}
