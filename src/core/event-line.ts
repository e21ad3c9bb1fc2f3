// The order of one connection's events: runs them in turn, holds back the rest. Does not know what an event is.

/** Who runs the events, and can slow their source down. */
export interface LineOwner<T> {
  /** Runs one event; a promise where it goes on after the call. The promise never rejects. */
  run(event: T): Promise<void> | undefined;
  /** Enough wait: let nothing more come, if possible. */
  pause(): void;
  /** More may come again. */
  resume(): void;
}

/**
 * `shut`: events wait, for the connection is not ready. `open`: they run. `ended`: they are dropped.
 */
type LineState = "shut" | "open" | "ended";

/** A first-in, first-out line with room for `concurrency` events at work and `limit` that wait. */
export class EventLine<T> {
  readonly #owner: LineOwner<T>;
  readonly #concurrency: number;
  readonly #limit: number;
  #state: LineState = "shut";
  #waiting: T[] | undefined;
  #running = 0;
  #paused = false;
  #idle: (() => void) | undefined;

  constructor(owner: LineOwner<T>, concurrency: number, limit: number) {
    this.#owner = owner;
    this.#concurrency = concurrency;
    this.#limit = limit;
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#waiting?.length ?? 0;
  }

  /** Takes an event: runs it before this returns when nothing is ahead of it. */
  push(event: T): void {
    if (this.#state === "ended") return;
    if (this.#state === "open" && this.#running < this.#concurrency && this.waiting === 0) {
      this.#start(event);
      if (this.waiting > 0) this.#advance();
      return;
    }
    this.#waiting ??= [];
    if (this.#waiting.push(event) >= this.#limit && !this.#paused) {
      this.#paused = true;
      this.#owner.pause();
    }
  }

  /** Lets events run, from the one that has waited longest. */
  open(): void {
    if (this.#state !== "shut") return;
    this.#state = "open";
    this.#advance();
  }

  /** Drops what waits and whatever still comes. Resolves when nothing runs any more. */
  end(): Promise<void> {
    this.#state = "ended";
    this.#waiting = undefined;
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  #start(event: T): void {
    this.#running++;
    const pending = this.#owner.run(event);
    if (pending === undefined) this.#finish();
    else pending.then(() => this.#finishLater());
  }

  #finish(): void {
    this.#running--;
    if (this.#running === 0) this.#idle?.();
  }

  #finishLater(): void {
    this.#finish();
    this.#advance();
  }

  #advance(): void {
    while (this.#state === "open" && this.#running < this.#concurrency) {
      const next = this.#waiting?.shift();
      if (next === undefined) break;
      this.#start(next);
    }
    if (this.#paused && this.waiting <= this.#limit / 2) {
      this.#paused = false;
      this.#owner.resume();
    }
  }
}
