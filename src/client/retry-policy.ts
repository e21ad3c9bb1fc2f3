// Decides what follows a close: another attempt and when, or none. Sets no timers and opens nothing.
import { afterClose } from "../protocol/close-codes.ts";
import type { ClientOptions, CloseInfo } from "./client-types.ts";

/** Milliseconds that pass before any new attempt, whatever asks for it. */
export const SHORTEST_DELAY_MS = 100;

const BASE_MS = 500;
const CAP_MS = 30_000;

/** What the policy is made of. */
export type RetryOptions = Pick<ClientOptions<unknown>, "random" | "shouldReconnect" | "token">;

/**
 * Milliseconds until the next attempt; undefined for none.
 *
 * @param attempt - New attempts made already since the connection was last stable.
 * @param windowMs - Milliseconds the server announced for coming back; 0 when it announced none.
 * @throws What the application's `shouldReconnect` throws.
 */
export type RetryPolicy = (close: CloseInfo, attempt: number, windowMs: number) => number | undefined;

/**
 * The policy of one client. Delays have full jitter: anything up to a bound that doubles with every attempt up to
 * 30 s, but never below {@link SHORTEST_DELAY_MS}.
 */
export function createRetryPolicy({ random = Math.random, shouldReconnect, token }: RetryOptions): RetryPolicy {
  /** Whether a new token may still help. */
  let renewal: "untried" | "tried" = "untried";
  return (close, attempt, windowMs) => {
    const after = afterClose(close.code);
    let again = after !== "stay";
    if (attempt === 0) renewal = "untried";
    if (after === "authenticate") {
      again = token !== undefined && renewal === "untried";
      renewal = "tried";
    }
    const bound = (after === "spread" && windowMs) || Math.min(CAP_MS, BASE_MS * 2 ** attempt);
    return (shouldReconnect?.(close, attempt) ?? again) ? Math.max(SHORTEST_DELAY_MS, random() * bound) : undefined;
  };
}
