// What waits for the connection to open: bounded, in order. Knows nothing of sockets.
import { queueFull } from "../protocol/errors.ts";
import type { Overflow } from "./client-types.ts";

/** An encoded envelope that waits. */
export interface Queued {
  readonly text: string;
  readonly eventName: string;
  /** The id of a request. */
  readonly id: string | undefined;
}

/** A first-in, first-out queue with a limit. */
export class SendQueue {
  readonly #limit: number;
  readonly #overflow: Overflow;
  readonly #waiting = new Set<Queued>();

  constructor(limit: number, overflow: Overflow) {
    this.#limit = limit;
    this.#overflow = overflow;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Takes one in.
   *
   * @returns What had to go for it, if something had: the oldest, or itself.
   * @throws {ZapError} `queue_full`
   */
  push(queued: Queued): Queued | undefined {
    let evicted: Queued | undefined;
    if (this.size >= this.#limit) {
      if (this.#overflow === "throw") throw queueFull(queued.eventName, this.#limit);
      evicted = queued;
      if (this.#overflow === "drop-oldest") [evicted = queued] = this.#waiting;
    }
    if (evicted !== queued) {
      if (evicted !== undefined) this.#waiting.delete(evicted);
      this.#waiting.add(queued);
    }
    return evicted;
  }

  /** Takes one out that need not be sent any more. @returns Whether it was there. */
  delete(queued: Queued): boolean {
    return this.#waiting.delete(queued);
  }

  /** Whether the request with this id waits. */
  has(id: string): boolean {
    return [...this.#waiting].some((queued) => queued.id === id);
  }

  /** Hands over all, in order, and is empty. */
  takeAll(): readonly Queued[] {
    const all = [...this.#waiting];
    this.#waiting.clear();
    return all;
  }
}
