// The clock of clients. The only place of the client that sets timers.
import type { Clock } from "../protocol/clock.ts";

// Beyond this, runtimes fire at once instead of late.
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Wall time: unlike the runtime's monotonic clock it goes on while the machine sleeps, which is what a client has to
 * notice. Its setting back and forth is allowed for where instants are compared.
 */
export const wallClock: Clock = {
  now: () => Date.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, Math.min(delay, LONGEST_DELAY));
    return () => clearTimeout(timer);
  },
};
