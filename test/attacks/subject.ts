// A server under attack, in a process of its own: started, watched and stopped here. Knows no attack and no connector.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { ROOT } from "../architecture/source-files.ts";

/** Who answers for whom is let in: the connector, or the application that accepted the socket before it was plugged. */
export type Admission = "ours" | "the application's";

/** A server that the suite attacks. */
export interface Subject {
  readonly name: string;
  readonly admission: Admission;
  /** Starts it. */
  start(): Promise<Attacked>;
}

/** One that runs. */
export interface Attacked {
  readonly port: number;
  readonly child: ChildProcess;
  /** All lines it has printed on stderr, where its log goes. */
  readonly log: readonly string[];
  /** Asks it to end. Resolves with its exit code, once it has. */
  stop(): Promise<number | null>;
  /** Ends it whatever it does. */
  kill(): Promise<void>;
}

/** A subject that is a program for Node: a file of this folder's kind of `programs`, by its path from the root. */
export function nodeSubject(name: string, program: string, admission: Admission = "ours"): Subject {
  return {
    name,
    admission,
    start: () => startBundled(`${ROOT}${program}`, []),
  };
}

/** A subject that is a program for a runtime which reads TypeScript. */
export function runtimeSubject(name: string, command: () => readonly string[], admission: Admission = "ours"): Subject {
  return {
    name,
    admission,
    start() {
      const [binary = "", ...args] = command();
      return startProcess(binary, args, () => {});
    },
  };
}

/** Bundles a program and runs it. Its packages stay outside, and are looked up from where it lies. */
export function startBundled(program: string, nodeOptions: readonly string[]): Promise<Attacked> {
  const folder = join(dirname(program), ".cache", String(process.pid));
  const outfile = join(folder, `${basename(program, ".ts")}.mjs`);
  mkdirSync(folder, { recursive: true });
  buildSync({ entryPoints: [program], outfile, bundle: true, format: "esm", platform: "node", packages: "external" });
  return startProcess(process.execPath, [...nodeOptions, outfile], () => rmSync(outfile, { force: true }));
}

async function startProcess(command: string, args: readonly string[], cleanUp: () => void): Promise<Attacked> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit").finally(cleanUp);
  const log: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const port = new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) => resolve(Number(line)));
    exited.then(([code]) => reject(new Error(`It ended with ${code}: ${log.join("\n")}`)), reject);
  });
  return {
    port: await port,
    child,
    log,
    async stop() {
      child.kill("SIGTERM");
      const [code] = await exited;
      return code;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await exited;
    },
  };
}
