// Counts what happened in a register, for operators. Does not know why.

import type { RejectionReason } from "./admission-verdict.ts";

/** What a register has counted since it was made. */
export interface RegisterStats {
  /** Connections that are live now. */
  readonly connections: number;
  /** Events that reached a handler. */
  readonly events: number;
  /** Envelopes whose event nobody handles. */
  readonly unknownEvents: number;
  /** Events whose payload did not match the contract. */
  readonly invalidPayloads: number;
  /** Errors that were reported to `error` handlers. */
  readonly errors: number;
  /** Connections closed for what they sent, by close code. */
  readonly refused: ReadonlyMap<number, number>;
  /** Requests to connect that were not let in, by reason. */
  readonly rejected: ReadonlyMap<RejectionReason, number>;
}

/** The running figures of one register. */
export class Counters {
  events = 0;
  unknownEvents = 0;
  invalidPayloads = 0;
  errors = 0;
  readonly refused: Map<number, number> = new Map();
  readonly rejected: Map<RejectionReason, number> = new Map();

  /** Counts a connection that was closed with `code` for what it sent. */
  countRefused(code: number): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }

  /** Counts a request to connect that was not let in. */
  countRejected(reason: RejectionReason): void {
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
  }

  /** The figures as they are now. */
  snapshot(connections: number): RegisterStats {
    const { events, unknownEvents, invalidPayloads, errors, refused, rejected } = this;
    return {
      connections,
      events,
      unknownEvents,
      invalidPayloads,
      errors,
      refused: new Map(refused),
      rejected: new Map(rejected),
    };
  }
}
