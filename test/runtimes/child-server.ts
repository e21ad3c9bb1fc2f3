// Starts a contract server in a runtime of its own and reads the port it prints.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { ContractServer } from "../contracts/connector.ts";

/** A server in a child process; rejects with what it said when it ends before it listens. */
export async function childServer(command: string, args: readonly string[]): Promise<ContractServer> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const port = await firstLine(child);
  return {
    url: `ws://127.0.0.1:${port}`,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  let errors = "";
  child.stderr?.on("data", (data) => {
    errors += data;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${errors}`)));
    if (child.stdout !== null) createInterface({ input: child.stdout }).once("line", resolve);
  });
}
