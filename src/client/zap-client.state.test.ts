// What a client shows of itself, on a simulated network.
import { expect, test } from "vitest";
import { simulateClient } from "../../test/support/simulated-client.ts";
import { settled } from "../../test/support/sleeping-clock.ts";

const code = (expected: string) => expect.objectContaining({ code: expected });

test("snapshots are frozen, and the same until something changes", async () => {
  const { client, open } = simulateClient();
  const before = client.getSnapshot();
  expect(client.getSnapshot()).toBe(before);
  expect(Object.isFrozen(before)).toBe(true);
  await open();
  expect(client.getSnapshot()).not.toBe(before);
  expect(before.status).toBe("idle");
});

test("whoever subscribes is told at once, then of every change, until it is enough", async () => {
  const { client, open } = simulateClient();
  const seen: string[] = [];
  const stop = client.subscribe(({ status, queued }) => seen.push(`${status} ${queued}`));
  client.send("a");
  stop();
  await open();
  expect(seen).toEqual(["idle 0", "idle 1"]);
});

test("a listener that throws harms nobody, and one that acts is not overtaken by older news", async () => {
  const { client, errors, network } = simulateClient();
  const seen: string[] = [];
  client.onStateChange(() => {
    throw new Error("listener");
  });
  client.onStateChange((status) => {
    if (status === "connecting") client.close();
  });
  client.onStateChange((status) => seen.push(status));
  await expect(client.connect()).rejects.toEqual(code("closed"));
  await settled();
  expect(seen.at(-1)).toBe("closed");
  expect(errors.every(({ about }) => about === "state")).toBe(true);
  expect(network.sockets).toHaveLength(0);
});

test("the siblings' names tell the same", async () => {
  const { client, clock, open, accept } = simulateClient();
  const told: unknown[] = [];
  client.onConnected(() => told.push("connected"));
  client.onDisconnected((close) => told.push(close));
  const states = client.connectionState();
  (await open()).end(1006, "lost");
  await clock.advance(500);
  await accept();
  await client.close();
  expect(told).toEqual(["connected", { code: 1006, reason: "lost" }, "connected", { code: 1000, reason: "" }]);
  const seen: string[] = [];
  for await (const status of states) seen.push(status);
  expect(seen).toEqual(["idle", "connecting", "open", "waiting", "connecting", "open", "closed"]);
});

test("a limit that is none is refused when the client is made", () => {
  expect(() => simulateClient({ limits: { closeMs: 0 } })).toThrow(code("invalid_limit"));
});
