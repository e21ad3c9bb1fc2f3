// The queue of a client that is not connected: order, bound, and what overflows.
import { expect, test } from "vitest";
import { outgoingSide } from "../../test/support/outgoing-side.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import type { Overflow } from "./client-types.ts";

/** Sends events while there is no socket. */
async function fill(overflow: Overflow, queueLimit: number, ...given: string[]) {
  const { send, names, opened } = outgoingSide({ overflow, queueLimit });
  const outcomes = await Promise.all(given.map((name) => send(name).catch(({ code }) => code)));
  opened();
  return { names, outcomes };
}

/** Asks while there is no socket. */
async function ask(overflow: Overflow, queueLimit: number, ...given: string[]) {
  const { request, names, opened } = outgoingSide({ overflow, queueLimit });
  const dropped: string[] = [];
  for (const name of given) request(name).catch(({ code }) => dropped.push(`${name}: ${code}`));
  await settled();
  opened();
  return { names, dropped };
}

test("what went in first is first", async () => {
  expect((await fill("throw", 3, "a", "b", "c")).names).toEqual(["a", "b", "c"]);
});

test("throw refuses what finds the queue full, and keeps what it has", async () => {
  expect(await fill("throw", 1, "a", "b")).toEqual({ names: ["a"], outcomes: ["queued", "queue_full"] });
  expect(await ask("throw", 1, "a", "b")).toEqual({ names: ["a"], dropped: ["b: queue_full"] });
});

test("drop-oldest makes room", async () => {
  expect(await fill("drop-oldest", 2, "a", "b", "c", "d")).toEqual({
    names: ["c", "d"],
    outcomes: ["queued", "queued", "queued", "queued"],
  });
  expect(await ask("drop-oldest", 2, "a", "b", "c", "d")).toEqual({
    names: ["c", "d"],
    dropped: ["a: queue_full", "b: queue_full"],
  });
});

test("drop-newest keeps what it has", async () => {
  expect(await fill("drop-newest", 2, "a", "b", "c", "d")).toEqual({
    names: ["a", "b"],
    outcomes: ["queued", "queued", "dropped", "dropped"],
  });
  expect(await ask("drop-newest", 2, "a", "b", "c", "d")).toEqual({
    names: ["a", "b"],
    dropped: ["c: queue_full", "d: queue_full"],
  });
});

test.each(["drop-oldest", "drop-newest"] as const)("%s with no room at all drops everything", async (overflow) => {
  expect(await fill(overflow, 0, "a", "b")).toEqual({ names: [], outcomes: ["dropped", "dropped"] });
  expect(await ask(overflow, 0, "a", "b")).toEqual({ names: [], dropped: ["a: queue_full", "b: queue_full"] });
});
