// Promises that are settled when they are made: shared for outcomes, owned for failures.
import type { SendOutcome } from "../protocol/contract-types.ts";

const OUTCOMES: Readonly<Record<SendOutcome, Promise<SendOutcome>>> = {
  sent: Promise.resolve("sent"),
  queued: Promise.resolve("queued"),
  dropped: Promise.resolve("dropped"),
};

/** The promise of a send that was decided at once; one for all, so that sending allocates none. */
export function settled(outcome: SendOutcome): Promise<SendOutcome> {
  return OUTCOMES[outcome];
}

/** A rejected promise that may be left alone: whoever makes it has reported the error. */
export function failed(error: unknown): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(ignore);
  return promise;
}

function ignore(): void {}
