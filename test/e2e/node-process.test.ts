// A server in a process of its own: it survives its peers, and ends by itself when it is closed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { ROOT } from "../architecture/source-files.ts";
import { bundle } from "../support/bundle.ts";
import { closeFrame, envelopeFrame, frame, RawPeer, upgradeRequest } from "../support/raw-peer.ts";

const program = bundle(`${ROOT}test/e2e/programs/server.ts`);
let child: ChildProcess;
let lines: Interface;
let port: number;

afterAll(() => program.remove());

beforeEach(async () => {
  child = spawn(process.execPath, [program.path], { stdio: ["ignore", "pipe", "ignore"] });
  if (child.stdout === null) throw new Error("The program has no output.");
  lines = createInterface(child.stdout);
  const [line] = await once(lines, "line");
  port = Number(line);
});

afterEach(() => {
  child.kill("SIGKILL");
});

/** Asks the program to end, and says how it did. */
async function end(): Promise<{ readonly code: number | null; readonly said: string }> {
  const said = once(lines, "line");
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const [line] = await said;
  const [code] = await exited;
  return { code, said: String(line) };
}

it("ends by itself when nobody is there", async () => {
  expect(await end()).toEqual({ code: 0, said: "closed" });
});

it("ends by itself with connections of every kind: open, at work, half opened, kept alive, not reading", async () => {
  const open = await RawPeer.open(port);
  const busy = await RawPeer.open(port);
  busy.send("slow");
  const asked = await RawPeer.open(port);
  asked.send("ask");
  await asked.envelope();
  const half = new RawPeer(port);
  half.write(Buffer.from(upgradeRequest().slice(0, 40)));
  const silent = new RawPeer(port);
  await once(silent.socket, "connect");
  const kept = new RawPeer(port);
  kept.write(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"));
  expect((await kept.answer()).status).toBe(426);
  const refused = new RawPeer(port);
  expect((await refused.upgrade({ path: "/nowhere" })).status).toBe(404);
  open.send("echo", 1);
  await open.envelope();

  const ended = end();
  // What was at work is finished and answered first.
  expect(await busy.envelope()).toEqual({ eventName: "slow", payload: "done" });
  for (const peer of [open, busy, asked]) expect((await peer.closed()).code).toBe(1012);
  for (const peer of [open, busy]) peer.write(closeFrame(1012));
  // The third never answers the Close, and is cut.
  expect(await ended).toEqual({ code: 0, said: "closed" });
  await Promise.all([half, silent, kept, refused].map((peer) => peer.gone));
});

it("lives on whatever its peers do and its handlers throw", async () => {
  const innocent = await RawPeer.open(port);
  const hostile: readonly Uint8Array[] = [
    frame("{"),
    frame("x", { masked: false }),
    frame("", { opcode: 2 }),
    frame("", { claimedLength: 2n ** 63n }),
    closeFrame(1005),
    envelopeFrame("error"),
    envelopeFrame("reject"),
    frame('{"eventName":"reject","headers":{"zap":{"id":"1"}}}'),
  ];
  for (const bytes of hostile) {
    for (const leaves of ["reset", "end"] as const) {
      const peer = await RawPeer.open(port);
      peer.write(bytes);
      if (leaves === "reset") peer.reset();
      else peer.socket.end();
      await peer.gone;
      innocent.send("echo", leaves);
      expect((await innocent.envelope()).payload).toBe(leaves);
    }
  }
  expect(child.exitCode).toBeNull();
  expect(await end()).toEqual({ code: 0, said: "closed" });
});
