// The clock of clients. The only place of the client that sets timers.
import type { Clock } from "../protocol/clock.ts";
import { NEVER_MS } from "./numbers.ts";

/**
 * Wall time: unlike the runtime's monotonic clock it goes on while the machine sleeps, which is what a client has to
 * notice. Its setting back and forth is allowed for where instants are compared. Delays of 24.8 days and more, such as
 * `Infinity`, are never over.
 */
export const wallClock: Clock = {
  now: () => Date.now(),
  after(delay, callback) {
    const timer = delay < NEVER_MS ? setTimeout(callback, delay) : undefined;
    return () => clearTimeout(timer);
  },
};
