// Logs what comes in swarms, so that the log of a bad hour can still be read. Does not know what went wrong.
import type { Clock } from "../protocol/clock.ts";
import type { Logger } from "./logger.ts";

const QUIET_MS = 5_000;

/**
 * A reporter that logs an error at once, and then one in 5 seconds at most.
 *
 * @param message - The message of each line; its fields are the error and how many came `before` it that were not said.
 */
export function sparingly(logger: Logger, clock: Clock, message: string): (error: unknown) => void {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (error) => {
    const now = clock.now();
    if (now < quietUntil) {
      unsaid++;
      return;
    }
    const before = unsaid;
    quietUntil = now + QUIET_MS;
    unsaid = 0;
    logger.warn(before === 0 ? { error } : { error, before }, message);
  };
}
