// Notices peers that are gone without a word: one timer for all connections of a register, no timestamps per frame.
// Does not know how a peer is asked or cut.
import type { Clock } from "../protocol/clock.ts";
import type { Limits } from "../protocol/limits.ts";

/** A connection that is watched. */
export interface Watched {
  /** The beat in which something was last heard of the peer. */
  readonly heardAt: number;
  /** Asks the peer whether it is there. */
  ask(): void;
  /** Gives the peer up. */
  giveUp(): void;
}

// Beats within the shorter of the two spans: how exactly they are kept.
const BEATS = 10;
const SHORTEST_BEAT_MS = 10;

/** The heartbeat of one register. Runs while there are connections. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #watched: () => Iterable<Watched>;
  readonly #beatMs: number;
  readonly #askAfter: number;
  readonly #giveUpAfter: number;
  #beat = 0;
  #cancel: (() => void) | undefined;

  /** @param watched - All live connections, asked for at each beat. */
  constructor(clock: Clock, { heartbeatMs, heartbeatTimeoutMs }: Limits, watched: () => Iterable<Watched>) {
    this.#clock = clock;
    this.#watched = watched;
    this.#beatMs = Math.max(SHORTEST_BEAT_MS, Math.min(heartbeatMs, heartbeatTimeoutMs) / BEATS);
    this.#askAfter = Math.floor(heartbeatMs / this.#beatMs);
    this.#giveUpAfter = Math.floor((heartbeatMs + heartbeatTimeoutMs) / this.#beatMs);
  }

  /** The beat it is now. */
  get now(): number {
    return this.#beat;
  }

  /** There is a connection: from now on there are beats. */
  start(): void {
    if (this.#cancel !== undefined || !Number.isFinite(this.#askAfter)) return;
    this.#cancel = this.#clock.after(this.#beatMs, () => this.#tick());
  }

  /** There is none left: no timer stays behind. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tick(): void {
    this.#beat++;
    this.#cancel = undefined;
    this.start();
    for (const connection of this.#watched()) {
      const silence = this.#beat - connection.heardAt;
      if (silence >= this.#giveUpAfter) connection.giveUp();
      else if (silence === this.#askAfter) connection.ask();
    }
  }
}
