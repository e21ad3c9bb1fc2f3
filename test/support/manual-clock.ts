// A clock that stands still until a test moves it. Knows nothing of what waits on it.
import type { Clock } from "../../src/protocol/clock.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time as a test tells it. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, callback: () => void): () => void {
    const timer = { at: this.#now + delay, callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Moves time on by `ms`: timers fire in the order they are due, those set on the way included. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#dueBy(end); timer !== undefined; timer = this.#dueBy(end)) {
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.callback();
    }
    this.#now = end;
  }

  /** Time has moved on by `ms` while the process stood still: what was due meanwhile fires now, late. */
  leap(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers].filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at)) {
      this.#timers.delete(timer);
      timer.callback();
    }
  }

  #dueBy(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
    }
    return first;
  }
}
