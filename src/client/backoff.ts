// How long to wait before the next attempt. Knows neither why nor for what.

/** Milliseconds that pass before any new attempt, whatever asked for it. */
export const SHORTEST_DELAY_MS = 100;

/**
 * The delay before attempt `attempt + 1`, with full jitter: anything up to `baseMs` doubled with every attempt, at
 * most `capMs`, never below {@link SHORTEST_DELAY_MS}.
 *
 * @param random - From 0 up to 1.
 */
export function backoffDelay(attempt: number, baseMs: number, capMs: number, random: number): number {
  return Math.max(SHORTEST_DELAY_MS, random * Math.min(capMs, baseMs * 2 ** attempt));
}
