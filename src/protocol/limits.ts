// The limits of both ends and their defaults. Knows no more of them than their names and numbers.
import { invalidLimit } from "./errors.ts";
import { SHARED_LIMITS, type SharedLimits } from "./shared-limits.ts";

/** Every limit. A number above 0; `Infinity` means none. Units are in the name or said beside it. */
export interface Limits extends SharedLimits {
  /** Fragments one frame may come in. Beyond: 1008. */
  readonly fragments: number;
  /** Rooms one connection may be in. */
  readonly roomsPerConnection: number;
  /** Events of one connection that wait for their handler. From here on its socket is paused, down to half. */
  readonly pendingEvents: number;
  /** Events per second from one connection, with a burst of twice as many. Beyond: 4429. Of pings at most 100: 1008. */
  readonly eventsPerSecond: number;
  /** Bytes per second from one connection. Beyond: 4429. */
  readonly bytesPerSecond: number;
  /** Bytes waiting to leave for one peer above which it is given up. Beyond: 4413. */
  readonly bufferedBytes: number;
  /** Connections of one register. */
  readonly connections: number;
  /** Connections from one address. */
  readonly connectionsPerAddress: number;
  /** Milliseconds that authentication may take. */
  readonly authenticationMs: number;
  /** Milliseconds that a handler may take. Then its signal aborts and the next event's turn comes. */
  readonly handlerMs: number;
}

/** The limits in force where nothing else is said. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  ...SHARED_LIMITS,
  fragments: 64,
  roomsPerConnection: 100,
  pendingEvents: 64,
  eventsPerSecond: 1_000,
  bytesPerSecond: 4 * 1024 * 1024,
  bufferedBytes: 1024 * 1024,
  connections: Number.POSITIVE_INFINITY,
  connectionsPerAddress: Number.POSITIVE_INFINITY,
  authenticationMs: 10_000,
  handlerMs: 30_000,
});

/**
 * The defaults with `changes` over them, frozen.
 *
 * @throws {ZapError} `invalid_limit` for an unknown name, for 0, for a negative number and for what is no number.
 */
export function resolveLimits(changes: Partial<Limits> | undefined): Limits {
  if (changes === undefined) return DEFAULT_LIMITS;
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name) || !(typeof value === "number" && value > 0)) {
      throw invalidLimit(name, value);
    }
  }
  return Object.freeze({ ...DEFAULT_LIMITS, ...Object.fromEntries(given) });
}
