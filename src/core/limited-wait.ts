// Waits for what a handler promised, for as long as it may take. Does not know what becomes of it.
import type { Context } from "./context.ts";
import type { Deadlined, TimeLimits } from "./deadlines.ts";

/** How a wait ends. */
export interface Ends<T> {
  /** What was promised has come. */
  readonly came: (value: T) => void;
  /** It failed, or `handler_timeout`: it took too long. */
  readonly failed: (error: unknown) => void;
}

/** One promise with a time limit. One of its ends is told, once; what the promise comes to after that is passed over. */
export class LimitedWait<T> implements Deadlined {
  readonly #context: Context;
  readonly #limitMs: number;
  readonly #limits: TimeLimits;
  /** Undefined where what is around it says when the context no longer runs. */
  readonly #running: Set<Context> | undefined;
  #ends: Ends<T> | undefined;

  /** @param running - Holds the context for as long as this waits. */
  constructor(context: Context, limitMs: number, ends: Ends<T>, limits: TimeLimits, running: Set<Context>) {
    this.#context = context;
    this.#limitMs = limitMs;
    this.#ends = ends;
    this.#limits = limits;
    this.#running = running.has(context) ? undefined : running.add(context);
  }

  /** Begins. */
  start(pending: PromiseLike<T>): void {
    this.#limits.begin(this, this.#limitMs);
    // A thenable of somebody else may call back twice, at once, or throw: a promise does none of it.
    Promise.resolve(pending).then(
      (value) => this.#settle()?.came(value),
      (error) => this.#settle()?.failed(error),
    );
  }

  timeUp(): void {
    this.#settle()?.failed(this.#context.timeOut(this.#limitMs));
  }

  #settle(): Ends<T> | undefined {
    const ends = this.#ends;
    if (ends === undefined) return undefined;
    this.#ends = undefined;
    this.#limits.end(this, this.#limitMs);
    this.#running?.delete(this.#context);
    return ends;
  }
}
