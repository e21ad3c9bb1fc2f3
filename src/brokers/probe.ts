// Proves that what is published comes back: an idle link that is dead at its other end shows no error. Sends through one
// link, is heard through another, and knows neither.
import type { Clock } from "../protocol/clock.ts";

const EVERY_MS = 1_000;
/** Milliseconds after which a probe that has not come back says that the link is dead. */
export const SILENT_AFTER_MS = 2_000;

/** What probes go through. */
export interface ProbeOptions {
  readonly clock: Clock;
  /** Publishes a probe on its way round. Never throws. */
  send(number: number): void;
  /** A probe has not come back in time. Told once until the next start. */
  silent(): void;
}

/** The probes of one carrier. */
export class Probe {
  readonly #options: ProbeOptions;
  #cancel: (() => void) | undefined;
  #sent = 0;
  #heard = 0;
  /** Since when something is missing. */
  #missingSince: number | undefined;
  #tickAt = 0;
  #sign: "none" | "seen" = "none";

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** There is a link: from now on it is proven. */
  start(): void {
    this.stop();
    this.#heard = this.#sent;
    this.#missingSince = undefined;
    this.#tick();
  }

  /** A probe has come back. Those before it would have come before it. */
  heard(number: number): void {
    if (!(number > this.#heard && number <= this.#sent)) return;
    this.#heard = number;
    this.#missingSince = number === this.#sent ? undefined : this.#options.clock.now();
  }

  /** Something else has come: the link may be slow, and probes wait behind much, but it is not dead. */
  alive(): void {
    this.#sign = "seen";
  }

  /** Ends it; no timer stays behind. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tick(): void {
    const { clock } = this.#options;
    const now = clock.now();
    // After a stop of this process itself, what has come meanwhile has not been read yet.
    const late = this.#cancel !== undefined && now - this.#tickAt > 2 * EVERY_MS;
    if (this.#missingSince !== undefined && (late || this.#sign === "seen")) this.#missingSince = now;
    this.#sign = "none";
    if (this.#missingSince !== undefined && now - this.#missingSince >= SILENT_AFTER_MS) {
      this.stop();
      this.#options.silent();
      return;
    }
    this.#tickAt = now;
    this.#missingSince ??= now;
    this.#cancel = clock.after(EVERY_MS, () => this.#tick());
    this.#options.send(++this.#sent);
  }
}
