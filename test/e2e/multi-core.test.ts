// The multi-core example: one port, several processes, rooms that reach over all of them.
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

it("spreads the connections of one port over processes whose rooms are one, and ends when asked to", async () => {
  const peers = await Promise.all(Array.from({ length: 8 }, () => Peer.open(url)));
  const homes = new Map<unknown, Peer[]>();
  let members = 0;
  for (const peer of peers) {
    const joined = (await peer.ask("join", "lobby")) as { process: number; members: number };
    homes.set(joined.process, [...(homes.get(joined.process) ?? []), peer]);
    members = joined.members;
  }
  expect([homes.size, members]).toEqual([2, 8]);
  const [[sender, ...others] = [], there = []] = [...homes.values()];
  sender?.send("say", "hi");
  for (const peer of [...others, ...there]) expect(await peer.event("said")).toMatchObject({ payload: "hi" });
  expect(sender?.names()).not.toContain("said");

  const ended = once(example, "exit");
  example.kill("SIGTERM");
  expect(await Promise.all(peers.map(async (peer) => (await peer.closed).code))).toEqual(peers.map(() => 1012));
  expect(await ended).toEqual([0, null]);
});
