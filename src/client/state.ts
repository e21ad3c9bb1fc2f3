// Holds the one snapshot of a client and tells who wants to know. Decides nothing.
import type { Report, Snapshot } from "./client-types.ts";
import { Listeners } from "./listeners.ts";

/** The snapshot as it is, and those who watch it. */
export class State {
  readonly #now: () => number;
  readonly #report: Report;
  readonly #listeners = new Listeners<[Snapshot]>();
  /** The current snapshot: the same object until something changes. */
  snapshot: Snapshot;

  constructor(now: () => number, report: Report) {
    this.#now = now;
    this.#report = report;
    this.snapshot = Object.freeze({
      status: "idle",
      attempt: 0,
      retryAt: undefined,
      since: now(),
      lastClose: undefined,
      queued: 0,
      latency: undefined,
    });
  }

  /** Changes what is named, and tells everyone. They may change it again, or have done when this returns. */
  change(changes: Partial<Snapshot>): void {
    const since = changes.status === undefined ? this.snapshot.since : this.#now();
    this.snapshot = Object.freeze({ ...this.snapshot, since, ...changes });
    this.#listeners.each((listener) => this.#tell(listener));
  }

  /** Calls `listener` at once and then on every change. @returns What ends that. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#tell(listener);
    return this.#listeners.add(listener);
  }

  #tell(listener: (snapshot: Snapshot) => unknown): void {
    try {
      // Always the latest: an earlier listener may have changed it.
      listener(this.snapshot);
    } catch (error) {
      this.#report(error, "state");
    }
  }
}
