// The multi-core example: one port, several processes, rooms within each.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Peer } from "../contracts/peer.ts";
import { freePort } from "../support/free-port.ts";

let example: ReturnType<typeof spawn>;
let url = "";

beforeAll(async () => {
  const port = await freePort();
  url = `ws://127.0.0.1:${port}/ws`;
  example = spawn(process.execPath, ["examples/multi-core/server.mjs"], {
    env: { ...process.env, PORT: String(port), CORES: "2" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (example.stdout === null) throw new Error("the example has no output");
  const [line] = await once(createInterface({ input: example.stdout }), "line");
  expect(line).toBe(`2 processes at ws://localhost:${port}/ws`);
});

afterAll(() => {
  example.kill("SIGKILL");
});

it("spreads the connections of one port over processes that each have rooms of their own, and ends when asked to", async () => {
  const peers = await Promise.all(Array.from({ length: 8 }, () => Peer.open(url)));
  const homes = new Map<unknown, Peer[]>();
  for (const peer of peers) {
    const { process: home } = (await peer.ask("join", "lobby")) as { process: number };
    homes.set(home, [...(homes.get(home) ?? []), peer]);
  }
  expect(homes.size).toBe(2);
  const [here = [], there = []] = [...homes.values()];
  const [sender, ...others] = here;
  sender?.send("say", "hi");
  for (const peer of others) expect(await peer.event("said")).toMatchObject({ payload: "hi" });
  await Promise.all(there.map((peer) => peer.ask("join", "lobby")));
  expect(there.flatMap((peer) => peer.names())).not.toContain("said");

  const ended = once(example, "exit");
  example.kill("SIGTERM");
  expect(await Promise.all(peers.map(async (peer) => (await peer.closed).code))).toEqual(peers.map(() => 1012));
  expect(await ended).toEqual([0, null]);
});
