// Decides what follows a close: another attempt and when, or none. Sets no timers and opens nothing.
import { type CloseCode, STAY_CLOSED } from "../protocol/close-codes.ts";
import type { ClientOptions, CloseInfo } from "./client-types.ts";
import { FIRST_DELAY_MS, LONGEST_DELAY_MS, SHORTEST_DELAY_MS } from "./numbers.ts";

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
 * The policy of one client: what `afterClose` of protocol/close-codes says. Delays have full jitter: anything up to a
 * bound that doubles with every attempt up to 30 s, but never below {@link SHORTEST_DELAY_MS}.
 */
export function createRetryPolicy({ random = Math.random, shouldReconnect, token }: RetryOptions): RetryPolicy {
  /** Whether a new token may still help. */
  let renewal: "untried" | "tried" = "untried";
  return (close, attempt, windowMs) => {
    let again = !STAY_CLOSED.includes(close.code);
    if (attempt === 0) renewal = "untried";
    if (close.code === (4401 satisfies CloseCode)) {
      again = token !== undefined && renewal === "untried";
      renewal = "tried";
    }
    const bound =
      (close.code === (1012 satisfies CloseCode) && windowMs) ||
      Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
    return (shouldReconnect?.(close, attempt) ?? again) ? Math.max(SHORTEST_DELAY_MS, random() * bound) : undefined;
  };
}
