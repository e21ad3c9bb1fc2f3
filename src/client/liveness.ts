// Notices that the other end is gone: asks when nothing was heard for long, and judges by instants, not by counting
// timers, for those of hidden tabs and sleeping machines fire late. Knows nothing of sockets.
import type { Clock } from "../protocol/clock.ts";

/**
 * `quiet`: waiting for silence. `asked`: waiting for any sign of life. `asked-again`: the first wait ended late, so
 * an answer may not have had its chance.
 */
type LivenessState = "quiet" | "asked" | "asked-again";

/** Who is watched, and who wants to know. */
export interface LivenessOptions {
  readonly clock: Clock;
  /** Milliseconds of silence before asking. */
  readonly idleMs: number;
  /** Milliseconds an answer may take. */
  readonly timeoutMs: number;
  /** Asks. */
  readonly ping: () => void;
  /** Nothing was heard in time. */
  readonly dead: () => void;
}

/**
 * Watches one connection. A dead one is noticed within `idleMs + 2 * timeoutMs`, plus what the runtime's timers are
 * late.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  #state: LivenessState = "quiet";
  #heardAt: number;
  #dueAt = 0;
  #cancel: (() => void) | undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#heardAt = options.clock.now();
    this.#wait(options.idleMs);
  }

  /** Something came from the other end. */
  heard(): void {
    this.#heardAt = this.#options.clock.now();
    this.#state = "quiet";
  }

  /** Asks now, unless an answer is being waited for. */
  probe(): void {
    if (this.#state === "quiet") this.#ask("asked");
  }

  /** Ends the watch. */
  stop(): void {
    this.#cancel?.();
  }

  #ask(state: LivenessState): void {
    this.#state = state;
    this.#wait(this.#options.timeoutMs);
    this.#options.ping();
  }

  #wait(delay: number): void {
    this.#cancel?.();
    this.#dueAt = this.#options.clock.now() + delay;
    this.#cancel = this.#options.clock.after(delay, () => this.#look());
  }

  #look(): void {
    const { clock, idleMs, timeoutMs, dead } = this.#options;
    const now = clock.now();
    const late = now - this.#dueAt > timeoutMs;
    const left = this.#heardAt + idleMs - now;
    if (this.#state === "asked-again" || (this.#state === "asked" && !late)) dead();
    else if (this.#state === "asked") this.#ask("asked-again");
    // A clock that was set back must not make the silence longer.
    else if (late || left <= 0) this.#ask("asked");
    else this.#wait(Math.min(left, idleMs));
  }
}
