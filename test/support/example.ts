// The example of a server, started as its reader would and greeted with a plain WebSocket. Knows no framework or runtime.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect } from "vitest";
import { Peer } from "../contracts/peer.ts";
import { freePort } from "./free-port.ts";

/** How a process came to its end. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts an example by its command, has it greet, and asks it to end, which closes with 1012. @returns How it ended. */
export async function greetedBy(command: string, args: readonly string[]): Promise<ProcessEnd> {
  const port = String(await freePort());
  const example = spawn(command, args, { env: { ...process.env, PORT: port }, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(example, "exit");
  try {
    const [url] = await once(createInterface({ input: example.stdout }), "line");
    expect(url).toBe(`ws://localhost:${port}/ws`);
    const peer = await Peer.open(String(url));
    await expectGreeting(peer);
    example.kill("SIGTERM");
    expect(await peer.closed).toMatchObject({ code: 1012 });
    const [code, signal] = await ended;
    return { code, signal };
  } finally {
    example.kill("SIGKILL");
    await ended;
  }
}

/** Says hello, and expects what every example answers. */
export async function expectGreeting(peer: Peer): Promise<void> {
  peer.send("hello");
  expect(await peer.event("hello")).toMatchObject({ payload: "HELLO FROM SERVER !!!" });
}
