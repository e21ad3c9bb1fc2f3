// Counts what happened in a register, for operators. Does not know why.
import type { RejectionReason } from "./admission-verdict.ts";

/** What there is in a register now, and what it has counted since it was made. */
export interface RegisterStats {
  /** Connections that are live now. */
  readonly connections: number;
  /** Events that wait for their handler now. */
  readonly pending: number;
  /** Bytes that have been sent but have not left this process now. */
  readonly bufferedBytes: number;
  /** Events that reached a handler. */
  readonly events: number;
  /** Envelopes whose event nobody handles. */
  readonly unknownEvents: number;
  /** Events whose payload did not match the contract. */
  readonly invalidPayloads: number;
  /** Events that did not leave because their peer was slow: volatile ones, and those a newer one took the place of. */
  readonly dropped: number;
  /** Errors that were reported to `error` handlers. */
  readonly errors: number;
  /** Requests to connect that were not let in, by reason. */
  readonly rejected: ReadonlyMap<RejectionReason, number>;
  /** Connections closed here for what their peer did, by close code. */
  readonly refused: ReadonlyMap<number, number>;
  /** Connections that have ended, by close code; those in `refused` too. */
  readonly closed: ReadonlyMap<number, number>;
}

/** What is looked up when the figures are asked for. */
export type Gauges = Pick<RegisterStats, "connections" | "pending" | "bufferedBytes">;

/** The running figures of one register. */
export class Counters {
  events = 0;
  unknownEvents = 0;
  invalidPayloads = 0;
  dropped = 0;
  errors = 0;
  readonly #rejected = new Map<RejectionReason, number>();
  readonly #refused = new Map<number, number>();
  readonly #closed = new Map<number, number>();

  /** Counts a request to connect that was not let in. */
  countRejected(reason: RejectionReason): void {
    increment(this.#rejected, reason);
  }

  /** Counts a connection that was closed with `code` for what its peer did. */
  countRefused(code: number): void {
    increment(this.#refused, code);
  }

  /** Counts a connection that has ended with `code`. */
  countClosed(code: number): void {
    increment(this.#closed, code);
  }

  /** The figures as they are now. */
  snapshot(gauges: Gauges): RegisterStats {
    const { events, unknownEvents, invalidPayloads, dropped, errors } = this;
    return {
      ...gauges,
      events,
      unknownEvents,
      invalidPayloads,
      dropped,
      errors,
      rejected: new Map(this.#rejected),
      refused: new Map(this.#refused),
      closed: new Map(this.#closed),
    };
  }
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
