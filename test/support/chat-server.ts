// Builds the showcase and runs it as the process people run: a child on a free port. Looks at nothing it says.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { ROOT } from "../architecture/source-files.ts";

/** A running showcase. */
export interface ChatServer {
  /** The address of the page. */
  readonly url: string;
  /** The address of its WebSocket. */
  readonly ws: string;
  readonly port: number;
  /** Ends it as an operator would. Resolves to its exit code when it has ended. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

/**
 * Builds the showcase into a folder of its own, so that test files that run at once do not meet.
 *
 * @returns The folder, and what takes it away again.
 * @throws When the package itself has not been built.
 */
export function buildChat(name: string): { readonly server: string; readonly remove: () => void } {
  if (!existsSync(`${ROOT}dist/index.js`)) throw new Error("dist/ is not there: run `npm run build` first.");
  // Inside the project: from there the server finds the package by its name, as installed programs do.
  const folder = `${ROOT}.cache/chat-${name}-${process.pid}`;
  execFileSync(process.execPath, ["scripts/build-chat.mjs", folder], { cwd: ROOT, stdio: "pipe" });
  return { server: `${folder}/server.js`, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts a built showcase. Resolves when it has told its address. */
export async function startChat(server: string, port = 0): Promise<ChatServer> {
  const child = spawn(process.execPath, [server], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const address = await addressOf(child);
  return {
    url: address.href,
    ws: `ws://${address.host}/ws`,
    port: Number(address.port),
    async stop(signal = "SIGTERM") {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}

async function addressOf({ stdout }: ChildProcess): Promise<URL> {
  if (stdout === null) throw new Error("The showcase has no output.");
  for await (const line of createInterface(stdout)) {
    const [address] = /http:\/\/localhost:\d+/.exec(line) ?? [];
    if (address === undefined) continue;
    // Its log is not read any further, and must not fill the pipe.
    stdout.resume();
    return new URL(address);
  }
  throw new Error("The showcase ended before it told its address.");
}
