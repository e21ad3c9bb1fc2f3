// The queue of a client that is not connected: order, bound, and what overflows.
import { expect, test } from "vitest";
import type { Overflow } from "./client-types.ts";
import { enqueue, type SendQueue } from "./send-queue.ts";

function fill(overflow: Overflow, limit: number, ...texts: string[]) {
  const queue: SendQueue = new Map();
  const dropped = texts.map((text) => enqueue(queue, text, text, limit, overflow));
  return { texts: [...queue.values()], dropped };
}

test("what went in first is first", () => {
  expect(fill("throw", 3, "a", "b", "c").texts).toEqual(["a", "b", "c"]);
});

test("throw refuses what finds the queue full, and keeps what it has", () => {
  const queue: SendQueue = new Map([["a", "a"]]);
  expect(() => enqueue(queue, "b", "b", 1, "throw")).toThrow(expect.objectContaining({ code: "queue_full" }));
  expect([...queue.keys()]).toEqual(["a"]);
});

test("drop-oldest makes room", () => {
  expect(fill("drop-oldest", 2, "a", "b", "c", "d")).toEqual({
    texts: ["c", "d"],
    dropped: [undefined, undefined, "a", "b"],
  });
});

test("drop-newest keeps what it has", () => {
  expect(fill("drop-newest", 2, "a", "b", "c", "d")).toEqual({
    texts: ["a", "b"],
    dropped: [undefined, undefined, "c", "d"],
  });
});

test.each(["drop-oldest", "drop-newest"] as const)("%s with no room at all drops everything", (overflow) => {
  expect(fill(overflow, 0, "a", "b")).toEqual({ texts: [], dropped: ["a", "b"] });
});
