// A server that is asked to end by a signal, in a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { afterAll, afterEach, expect, it } from "vitest";
import { HELLO_TEXT } from "../../src/protocol/control.ts";
import { ROOT } from "../architecture/source-files.ts";
import { bundle } from "../support/bundle.ts";
import { closeFrame, frame, RawPeer } from "../support/raw-peer.ts";

const program = bundle(`${ROOT}test/e2e/programs/draining.ts`);
let child: ChildProcess;
let lines: Interface;
let port: number;

afterAll(() => program.remove());

afterEach(() => {
  child.kill("SIGKILL");
});

async function start(drainMs: number): Promise<void> {
  const env = { ...process.env, DRAIN_MS: String(drainMs) };
  child = spawn(process.execPath, [program.path], { stdio: ["ignore", "pipe", "inherit"], env });
  if (child.stdout === null) throw new Error("The program has no output.");
  lines = createInterface(child.stdout);
  const [line] = await once(lines, "line");
  port = Number(line);
}

/** A peer that understands control events. */
async function greeted(): Promise<RawPeer> {
  const peer = await RawPeer.open(port);
  peer.write(frame(HELLO_TEXT));
  await peer.envelope();
  return peer;
}

const closes = async (peer: RawPeer) => {
  const { code } = await peer.closed();
  peer.write(closeFrame(code));
  return code;
};

it.each([
  "SIGTERM",
  "SIGINT",
] as const)("announces its end at %s, closes with 1012, and exits with 0", async (signal) => {
  await start(50);
  const peers = await Promise.all([greeted(), greeted()]);
  const plain = await RawPeer.open(port);
  const exited = once(child, "exit");
  const said = once(lines, "line");
  child.kill(signal);
  for (const peer of peers) {
    expect(await peer.envelope()).toEqual({ eventName: "zap:draining", payload: { windowMs: 50 } });
  }
  for (const peer of [...peers, plain]) expect(await closes(peer)).toBe(1012);
  expect(await said).toEqual(["afterwards"]);
  expect(await exited).toEqual([0, null]);
});

it("refuses new upgrades with 503 while it drains, and lets handlers finish and answer", async () => {
  await start(60_000);
  const [first, busy] = [await greeted(), await greeted()];
  busy.write(frame('{"eventName":"slow","headers":{"zap":{"id":"1"}}}'));
  child.kill("SIGTERM");
  // The first is closed at once, the others in the course of the window.
  expect(await first.envelope()).toMatchObject({ eventName: "zap:draining" });
  const late = new RawPeer(port);
  expect((await late.upgrade()).status).toBe(503);
  expect(await closes(first)).toBe(1012);
  expect(await busy.envelope()).toMatchObject({ eventName: "zap:draining" });
  expect(await busy.envelope()).toMatchObject({ eventName: "slow", payload: "done" });
});

it("does not wait for peers that never answer the Close", async () => {
  await start(0);
  const silent = await RawPeer.open(port);
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  expect((await silent.closed()).code).toBe(1012);
  expect(await exited).toEqual([0, null]);
});

it("ends at once at a second signal", async () => {
  await start(60_000);
  const peers = [await greeted(), await greeted()];
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  for (const peer of peers) expect(await peer.envelope()).toMatchObject({ eventName: "zap:draining" });
  child.kill("SIGTERM");
  expect(await exited).toEqual([143, null]);
});
