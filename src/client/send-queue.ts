// What waits for a connection: bounded, in order. Knows nothing of sockets.
import { brief } from "../protocol/errors.ts";
import type { Overflow } from "./client-types.ts";

/** Texts of envelopes by key, oldest first. A request's key is its id. */
export type SendQueue = Map<unknown, string>;

/**
 * Puts a text at the end of a queue that holds at most `limit`.
 *
 * @returns The key of what had to go for it, if something had: the oldest, or itself.
 * @throws {ZapError} `queue_full`
 */
export function enqueue(queue: SendQueue, key: unknown, text: string, limit: number, overflow: Overflow): unknown {
  let dropped: unknown;
  if (queue.size >= limit) {
    if (overflow === "throw") throw brief("queue_full", "send");
    [dropped = key] = overflow === "drop-oldest" ? queue.keys() : [];
  }
  queue.set(key, text);
  queue.delete(dropped);
  return dropped;
}
