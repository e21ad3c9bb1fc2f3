// The order of one connection's events: runs them in turn, holds back the rest. Does not know what an event is.
import { Moment } from "./moment.ts";

/** Who runs the events, and can slow their source down. */
export interface LineOwner<T> {
  /** Runs one event. Whether it goes on after the call: then `ended` is called once, and not before this returned. */
  run(event: T, ended: () => void): boolean;
  /** Enough wait: let nothing more come, if possible. */
  pause(): void;
  /** More may come again. */
  resume(): void;
  /** More wait than may, for their source did not slow down. */
  overflow(): void;
}

/**
 * `shut`: events wait, for the connection is not ready. `closing`: so do those that came, new ones are dropped. `open`:
 * they run. `finishing`: those that wait run, new ones are dropped. `ended`: all are dropped.
 */
type LineState = "shut" | "closing" | "open" | "finishing" | "ended";

// A source that cannot slow down may be this many times ahead of one that can.
const UNPAUSED = 16;

/** How many may wait at all, where a source that can is asked to slow down from `limit` on. */
export function mostWaiting(limit: number, canPause: boolean): number {
  return canPause ? Number.POSITIVE_INFINITY : limit * UNPAUSED;
}

/** A first-in, first-out line with room for `concurrency` events at work and `limit` that wait. */
export class EventLine<T> {
  readonly #owner: LineOwner<T>;
  readonly #concurrency: number;
  readonly #limit: number;
  readonly #most: number;
  readonly #rested: (() => void) | undefined;
  #state: LineState = "shut";
  #waiting: T[] | undefined;
  #running = 0;
  #paused = false;
  #idle: Moment<void> | undefined;
  #ended: (() => void) | undefined;

  /**
   * @param most - How many may wait at all, where the source does not slow down when it is asked to.
   * @param rested - Called whenever nothing runs or waits any more.
   */
  constructor(
    owner: LineOwner<T>,
    concurrency: number,
    limit: number,
    most: number = Number.POSITIVE_INFINITY,
    rested?: () => void,
  ) {
    this.#owner = owner;
    this.#concurrency = concurrency;
    this.#limit = limit;
    this.#most = most;
    this.#rested = rested;
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#waiting?.length ?? 0;
  }

  /** Whether its source has been asked to slow down. */
  get isFull(): boolean {
    return this.#paused;
  }

  /** Takes an event: runs it before this returns when nothing is ahead of it. */
  push(event: T): void {
    if (this.#state !== "open" && this.#state !== "shut") return;
    if (this.#state === "open" && this.#running < this.#concurrency && this.waiting === 0) {
      this.#start(event);
      if (this.waiting > 0) this.#advance();
      return;
    }
    this.#waiting ??= [];
    const waiting = this.#waiting.push(event);
    if (waiting >= this.#limit && !this.#paused) {
      this.#paused = true;
      this.#owner.pause();
    }
    if (waiting > this.#most) this.#owner.overflow();
  }

  /** Lets events run, from the one that has waited longest. */
  open(): void {
    if (this.#state !== "shut" && this.#state !== "closing") return;
    this.#state = this.#state === "shut" ? "open" : "finishing";
    this.#advance();
    if (this.#running === 0) this.#rested?.();
  }

  /** Drops what waits and whatever still comes. Resolves when nothing runs any more. */
  end(): Promise<void> {
    this.#state = "ended";
    this.#waiting = undefined;
    if (this.#running === 0) this.#idle?.come();
    return this.#untilIdle();
  }

  /** Runs what waits, once it is open, and drops whatever still comes. Resolves when nothing runs or waits any more. */
  finish(): Promise<void> {
    if (this.#state === "open") this.#state = "finishing";
    if (this.#state === "shut") this.#state = "closing";
    return this.#untilIdle();
  }

  #untilIdle(): Promise<void> {
    if (this.#running === 0 && this.waiting === 0) return Promise.resolve();
    this.#idle ??= new Moment();
    return this.#idle.wait();
  }

  #start(event: T): void {
    this.#running++;
    this.#ended ??= () => this.#finishLater();
    if (!this.#owner.run(event, this.#ended)) this.#finish();
  }

  #finish(): void {
    this.#running--;
    if (this.#running > 0 || this.waiting > 0) return;
    this.#idle?.come();
    this.#rested?.();
  }

  #finishLater(): void {
    this.#finish();
    this.#advance();
  }

  #advance(): void {
    while ((this.#state === "open" || this.#state === "finishing") && this.#running < this.#concurrency) {
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
