// Starts a Worker of this folder on workerd, bundled as one module. Knows nothing of the contract but its server.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { build } from "esbuild";
import type { ContractServer } from "../contracts/world.ts";
import { workerdBinary } from "./binaries.ts";

/** What a Worker is configured with. */
export interface WorkerOptions {
  /** The classes of its Durable Objects, by the names of their bindings. */
  readonly objects?: Readonly<Record<string, string>>;
  /** Compatibility flags. */
  readonly flags?: readonly string[];
}

const COMPATIBILITY_DATE = "2026-11-01";

/** A Worker that is listening; rejects with what workerd said when it ends before. */
export async function workerdServer(
  program: string,
  { objects = {}, flags = [] }: WorkerOptions = {},
): Promise<ContractServer> {
  const folder = mkdtempSync(join(tmpdir(), "zaptools-workerd-"));
  await build({
    entryPoints: [resolve(import.meta.dirname, program)],
    bundle: true,
    format: "esm",
    target: "es2022",
    external: ["workerd:*", "cloudflare:*", "node:*"],
    outfile: join(folder, "worker.mjs"),
  });
  writeFileSync(join(folder, "config.capnp"), configOf(objects, flags));
  const args = ["serve", "--experimental", "--control-fd=3", join(folder, "config.capnp")];
  const child = spawn(workerdBinary(), args, { stdio: ["ignore", "ignore", "pipe", "pipe"] });
  let complaints = "";
  child.stderr?.on("data", (data) => {
    complaints += data;
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`workerd ended with ${code}: ${complaints}`)));
    createInterface({ input: child.stdio[3] as Readable }).on("line", (line) => {
      const { event, port: listening } = JSON.parse(line);
      if (event === "listen") resolve(listening);
    });
  });
  return {
    url: `ws://127.0.0.1:${port}`,
    rss: () => rssOf(child.pid),
    async stop() {
      // It would wait for its connections to end.
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configOf(objects: NonNullable<WorkerOptions["objects"]>, flags: readonly string[]): string {
  const bindings = Object.entries(objects).map(
    ([name, type]) => `(name = "${name}", durableObjectNamespace = "${type}")`,
  );
  const namespaces = Object.values(objects).map((type) => `(className = "${type}", uniqueKey = "${type}")`);
  return `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [(name = "worker", esModule = embed "worker.mjs")],
    compatibilityDate = "${COMPATIBILITY_DATE}",
    compatibilityFlags = ${JSON.stringify(flags)},
    bindings = [${bindings.join(", ")}],
    durableObjectNamespaces = [${namespaces.join(", ")}],
    durableObjectStorage = (inMemory = void),
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}

/** Bytes of memory that a process uses, as Linux tells; 0 elsewhere. */
function rssOf(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
