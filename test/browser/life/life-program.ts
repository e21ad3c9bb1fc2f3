// Starts the page's server as a child, to be killed. Judges nothing it says.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { ROOT } from "../../architecture/source-files.ts";
import { lifePageFiles } from "./life-server.ts";

/** A running server. */
export interface LifeChild {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** What it has said since it was listening. */
  readonly lines: readonly string[];
  /** Resolves when it has said `line`. */
  heard(line: string): Promise<void>;
  /** Ends it without a word to anybody. */
  kill(): Promise<void>;
}

/** The program, ready to be started. */
export interface LifeProgram {
  start(port?: number): Promise<LifeChild>;
  /** Takes it away, and kills what still runs of it. */
  remove(): void;
}

/** Builds the program. */
export function buildLifeProgram(): LifeProgram {
  // Inside the project: from there it finds its packages.
  const folder = `${ROOT}.cache/life-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of lifePageFiles()) writeFileSync(`${folder}/${name}`, text);
  buildSync({
    entryPoints: [`${ROOT}test/browser/life/program.ts`],
    outfile: `${folder}/program.mjs`,
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["ws"],
    alias: { zaptools: `${ROOT}src/index.ts`, "zaptools/node": `${ROOT}src/connectors/node.ts` },
    tsconfigRaw: {},
  });
  const children: ChildProcess[] = [];
  return {
    async start(port = 0) {
      const child = spawn(process.execPath, [`${folder}/program.mjs`, folder, String(port)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      children.push(child);
      return listening(child);
    },
    remove() {
      for (const child of children) child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(child: ChildProcess): Promise<LifeChild> {
  if (child.stdout === null) throw new Error("The program has no output.");
  const output = createInterface(child.stdout);
  const [first] = await once(output, "line");
  const port = Number(/^port (\d+)$/.exec(first)?.[1]);
  const lines: string[] = [];
  output.on("line", (line) => lines.push(line));
  return {
    url: `http://localhost:${port}`,
    port,
    pid: child.pid ?? 0,
    lines,
    async heard(line) {
      while (!lines.includes(line)) await once(output, "line");
    },
    async kill() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
