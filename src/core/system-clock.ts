// The clock of the runtime. The only place of the engine that sets timers.
import type { Clock } from "../protocol/clock.ts";

// Beyond this, runtimes fire at once instead of late.
const LONGEST_DELAY = 2 ** 31 - 1;

/** Time as the runtime tells it. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, Math.min(delay, LONGEST_DELAY));
    return () => clearTimeout(timer);
  },
};
