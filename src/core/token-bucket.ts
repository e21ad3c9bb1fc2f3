// Counts what comes against a rate with a burst. Does not know what is counted; time is handed in.

/** A token bucket that starts full. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #updatedAt: number;

  /** @param now - Milliseconds, on the clock all later calls use. */
  constructor(perSecond: number, burst: number, now: number) {
    this.#perMs = perSecond / 1_000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#updatedAt = now;
  }

  /** Takes `cost` tokens; false, and nothing taken, when there are not as many. */
  take(cost: number, now: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#updatedAt) * this.#perMs);
    this.#updatedAt = now;
    if (cost > this.#tokens) return false;
    this.#tokens -= cost;
    return true;
  }
}
