// How much one connection may send: events and bytes per second. Does not know what happens to one that sends more.
import type { Clock } from "../protocol/clock.ts";
import type { Limits } from "../protocol/limits.ts";
import { TokenBucket } from "./token-bucket.ts";

/** How many seconds' worth may come at once. */
export const BURST_SECONDS = 2;

/** The two token buckets of one connection. Bytes are counted in UTF-16 code units: exact for ASCII, else generous. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #events: TokenBucket | undefined;
  readonly #bytes: TokenBucket | undefined;

  constructor({ clock, limits }: { readonly clock: Clock; readonly limits: Limits }) {
    this.#clock = clock;
    this.#events = bucket(limits.eventsPerSecond, clock);
    this.#bytes = bucket(limits.bytesPerSecond, clock);
  }

  /** Counts a frame; false when it is one too many. */
  admit(text: string): boolean {
    if (this.#events === undefined && this.#bytes === undefined) return true;
    const now = this.#clock.now();
    return (this.#events?.take(1, now) ?? true) && (this.#bytes?.take(text.length, now) ?? true);
  }

  /** Counts as many events more, for one that was let in and costs more; false when it is too many. */
  charge(events: number): boolean {
    return this.#events?.take(events, this.#clock.now()) ?? true;
  }
}

function bucket(perSecond: number, clock: Clock): TokenBucket | undefined {
  if (!Number.isFinite(perSecond)) return undefined;
  // Less than one token would never let anything through.
  return new TokenBucket(perSecond, Math.max(1, perSecond * BURST_SECONDS), clock.now());
}
