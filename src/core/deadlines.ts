// How long things may take, many at once on one timer. Does not know what they are.
import type { Clock } from "../protocol/clock.ts";

/** Something that may take so long and no longer. */
export interface Deadlined {
  /** The time is up. It must not throw. */
  timeUp(): void;
}

// A timer that nobody needs any more stays this long at most: setting one for each event would cost more than the event.
const LOOK_MS = 1_000;

/** The deadlines of what may take equally long: who began first is due first. */
class Deadlines {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #running = new Map<Deadlined, number>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  begin(one: Deadlined): void {
    this.#running.set(one, this.#clock.now() + this.#limitMs);
    if (this.#cancel === undefined) this.#setTimer(this.#limitMs);
  }

  end(one: Deadlined): void {
    this.#running.delete(one);
  }

  /** Nothing runs any more, and nobody waits for the timer. */
  stop(): void {
    this.#running.clear();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #setTimer(leftMs: number): void {
    this.#cancel = this.#clock.after(Math.min(leftMs, LOOK_MS), () => this.#look());
  }

  #look(): void {
    const now = this.#clock.now();
    // Those that begin meanwhile come last, and find the timer set.
    for (const [one, due] of this.#running) {
      if (due > now) {
        this.#setTimer(due - now);
        return;
      }
      this.#running.delete(one);
      one.timeUp();
    }
    this.#cancel = undefined;
  }
}

/** Keeps the time limits of what runs. */
export interface TimeLimits {
  /** Gives `one` so many milliseconds from now; `Infinity` is no limit. */
  begin(one: Deadlined, limitMs: number): void;
  /** It has ended in time. */
  end(one: Deadlined, limitMs: number): void;
}

/** Time limits that share one timer for each length. */
export class SharedTimeLimits implements TimeLimits {
  readonly #clock: Clock;
  // By milliseconds: as many as the application has different limits.
  readonly #limits = new Map<number, Deadlines>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(one: Deadlined, limitMs: number): void {
    if (limitMs === Number.POSITIVE_INFINITY) return;
    let deadlines = this.#limits.get(limitMs);
    if (deadlines === undefined) {
      deadlines = new Deadlines(this.#clock, limitMs);
      this.#limits.set(limitMs, deadlines);
    }
    deadlines.begin(one);
  }

  end(one: Deadlined, limitMs: number): void {
    this.#limits.get(limitMs)?.end(one);
  }

  /** Nothing runs any more: no timer stays. */
  stop(): void {
    for (const deadlines of this.#limits.values()) deadlines.stop();
  }
}

/**
 * Time limits with a timer each, gone when what they limit has ended: for transports that sleep, and for those where a
 * timer may serve nobody but the connection that set it.
 */
export class SingleTimeLimits implements TimeLimits {
  readonly #clock: Clock;
  readonly #cancels = new Map<Deadlined, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(one: Deadlined, limitMs: number): void {
    if (limitMs === Number.POSITIVE_INFINITY) return;
    const cancel = this.#clock.after(limitMs, () => {
      this.#cancels.delete(one);
      one.timeUp();
    });
    this.#cancels.set(one, cancel);
  }

  end(one: Deadlined): void {
    this.#cancels.get(one)?.();
    this.#cancels.delete(one);
  }
}
