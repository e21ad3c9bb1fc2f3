// Calls the application's code: nothing it throws is lost, and nothing it throws harms the client.
import type { Report } from "./client-types.ts";

/** Calls `listener` now. @returns What becomes of it. Failures are reported, whoever else looks at them. */
export type Call = <T, R>(listener: (given: T) => R | Promise<R>, given: T, about: string) => Promise<R>;

/** A {@link Call} that reports to `onError`. */
export function caller(onError: Report): Call {
  return (listener, given, about) => {
    const result = (async () => listener(given))();
    // A hook that throws has nobody left to tell.
    result.catch((error) => onError(error, about)).catch(() => {});
    return result;
  };
}

/** `promise`, which may be left alone: whoever makes it has reported the failure, or it is one only for who asked. */
export function owned<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
