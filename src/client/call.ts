// Calls the application's code: nothing it throws is lost, and nothing it throws harms the client.
import type { Report } from "./client-types.ts";

/** A function to be called with a `T`. */
export type Listener<T> = (given: T) => unknown;

/** Adds a listener. One added twice is called twice. @returns What takes this one out again. */
export type Add<T> = (listener: Listener<T>) => () => void;

/** Calls `listener` now. @returns What becomes of it. Failures are reported, whoever else looks at them. */
export type Call = <R, T>(listener: (given: T) => R | Promise<R>, about?: string, given?: T) => Promise<R>;

/** A {@link Call} that reports to `onError`. */
export function caller(onError: Report): Call {
  return (listener, about, given) => {
    const result = (async () => listener(given as never))();
    // A hook that throws has nobody left to tell.
    result.catch((error) => onError(error, about as string)).catch(() => {});
    return result;
  };
}

/** A {@link Call} whose failure is one only for who asked. What it returns may be left alone. */
export const quietly: Call = caller(() => {});

/** Fails with `error`. */
export const fail = (error: unknown): Promise<never> => Promise.reject(error);
