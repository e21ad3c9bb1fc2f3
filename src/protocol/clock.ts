// The port through which time is told and timers are set, so that tests can own both. Sets no timer itself.

/** Where an engine gets time from. Instants and spans are milliseconds; instants are monotonic, not wall time. */
export interface Clock {
  /** Now, in milliseconds from an arbitrary start. */
  now(): number;
  /** Runs `callback` once, after `delay` milliseconds. The function that comes back cancels it. */
  after(delay: number, callback: () => void): () => void;
}
