// Holds the house: which part may know which, and what runs where.
import { isBuiltin } from "node:module";
import { describe, expect, it } from "vitest";
import { cycleIn } from "./architecture/cycles.ts";
import { expectNone, importPlaces, inPart, isOf, manifest, peerOf, placesOf, sources } from "./architecture/house.ts";
import { loadedWith, partOf } from "./architecture/source-files.ts";
import { globalsIn } from "./architecture/syntax.ts";

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

const isShared = (path: string) => path.startsWith("src/connectors/shared/");

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
