// Waits for something, but not for ever. Does not care how it ends.
import type { Clock } from "../protocol/clock.ts";

/** Resolves when `work` has settled, or after `ms` milliseconds. Never rejects; no timer stays behind. */
export function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    const done = () => {
      cancel();
      resolve();
    };
    work.then(done, done);
  });
}

/** Settles as `work` does, and rejects when it has not after `ms` milliseconds. */
export function inTime<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new Error(`there was no answer within ${ms} ms`)));
    work.then(resolve, reject).finally(cancel);
  });
}
