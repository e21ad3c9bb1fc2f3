// Decides what follows a close: another attempt and when, or none. Sets no timers and opens nothing.
import { afterClose } from "../protocol/close-codes.ts";
import { backoffDelay } from "./backoff.ts";
import type { ClientOptions, CloseInfo, Report } from "./client-types.ts";

type PolicyOptions = Pick<ClientOptions<unknown>, "backoff" | "random" | "shouldReconnect" | "token">;

/** The rules of one client, and what it must not do twice. */
export class RetryPolicy {
  readonly #options: PolicyOptions;
  readonly #report: Report;
  /** Whether a new token may still help. */
  #token: "fresh" | "refused" = "fresh";
  /** Milliseconds the server announced for coming back; 0 when it announced none. */
  windowMs = 0;

  constructor(options: PolicyOptions, report: Report) {
    this.#options = options;
    this.#report = report;
  }

  /** Whether a connection that was open for `ms` was stable. Then what comes after it is judged anew. */
  wasStable(ms: number): boolean {
    const stable = ms >= (this.#options.backoff?.stableMs ?? 5_000);
    if (stable) this.#token = "fresh";
    return stable;
  }

  /** Milliseconds until the next attempt, when `attempt` new ones were made already; undefined for none. */
  delayAfter(close: CloseInfo, attempt: number): number | undefined {
    const { token, random = Math.random, backoff: { baseMs = 500, capMs = 30_000 } = {} } = this.#options;
    const { windowMs } = this;
    this.windowMs = 0;
    const after = afterClose(close.code);
    let again = after !== "stay";
    if (after === "authenticate") {
      again = token !== undefined && this.#token === "fresh";
      this.#token = "refused";
    }
    try {
      again = this.#options.shouldReconnect?.(close, attempt) ?? again;
    } catch (error) {
      this.#report(error, "shouldReconnect");
    }
    if (!again) return undefined;
    return after === "spread" && windowMs > 0
      ? backoffDelay(0, windowMs, windowMs, random())
      : backoffDelay(attempt, baseMs, capMs, random());
  }
}
