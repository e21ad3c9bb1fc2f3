// A node of a fleet in a process of its own, with a channel to it. Knows no broker.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { FleetNode } from "../contracts/fleet.ts";

/** A node that can also be killed. */
export interface ProcessNode extends FleetNode {
  readonly child: ChildProcess;
}

/**
 * Starts a program that sends `{ url }` when it serves, and ends when it is told to `leave`.
 *
 * @param started - Called with the process before it has said anything.
 */
export async function processNode(
  path: string,
  settings: Readonly<Record<string, unknown>> = {},
  started: (child: ChildProcess) => void = () => {},
): Promise<ProcessNode> {
  const child = fork(path, [JSON.stringify(settings)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  started(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the node ended with ${code}`)));
    child.on("message", (message: unknown) => {
      if (typeof message === "object" && message !== null && "url" in message) resolve(String(message.url));
    });
  });
  return {
    url,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.send("leave");
      await ended;
    },
  };
}
