// A server under attack, in a process of its own: started, watched and stopped here. Knows no attack and no connector.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { ROOT } from "../architecture/source-files.ts";
import { bundle } from "../support/bundle.ts";
import type { Variant } from "./doorkeeper.ts";

/** Who answers for whom is let in: the connector, or the application that accepted the socket before it was plugged. */
export type Admission = "ours" | "the application's";

/** A server that the suite attacks. */
export interface Subject {
  readonly name: string;
  readonly admission: Admission;
  /** Starts it, with one of the applications there are. */
  start(variant: Variant): Promise<Attacked>;
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
    start: (variant) => startBundled(`${ROOT}${program}`, [], variant),
  };
}

/** A subject that is a program for a runtime which reads TypeScript. */
export function runtimeSubject(name: string, command: () => readonly string[], admission: Admission = "ours"): Subject {
  return {
    name,
    admission,
    start(variant) {
      const [binary = "", ...args] = command();
      return startProcess(binary, args, variant, () => {});
    },
  };
}

/** Bundles a program and runs it on Node. */
export function startBundled(
  program: string,
  nodeOptions: readonly string[],
  variant: Variant = "plain",
): Promise<Attacked> {
  const { path, remove } = bundle(program);
  return startProcess(process.execPath, [...nodeOptions, path], variant, remove);
}

async function startProcess(
  command: string,
  args: readonly string[],
  variant: Variant,
  cleanUp: () => void,
): Promise<Attacked> {
  const env = { ...process.env, ATTACKED_AS: variant };
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
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
