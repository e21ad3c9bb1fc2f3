// A clock for tests of what runs on phones and laptops: time passes with its timers, or without them, as in a sleep.
// Waits for promises between timers. Knows nothing of what waits on it.
import type { Clock } from "../../src/protocol/clock.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time as a test tells it. */
export class SleepingClock implements Clock {
  #now = 1_000_000;
  #offset = 0;
  readonly #timers = new Set<Timer>();

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  readonly now = (): number => this.#now + this.#offset;

  readonly after = (delay: number, callback: () => void): (() => void) => {
    const timer = { at: this.#now + Math.max(0, delay), callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  };

  /** Moves time on by `ms`; timers fire in the order they are due, and what they set off has settled in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (let timer = this.#dueBy(end); timer !== undefined; timer = this.#dueBy(end)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.callback();
      await settled();
    }
    this.#now = end;
  }

  /** `ms` pass while nothing runs; then what is due fires late. */
  async sleep(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }

  /** Somebody sets the clock, to `ms` later or earlier; timers do not care. */
  set(ms: number): void {
    this.#offset += ms;
  }

  #dueBy(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
    }
    return first;
  }
}

/** All promises that could settle have settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
