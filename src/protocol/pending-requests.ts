// The requests sent to one peer that wait for an answer: numbers them, settles each exactly once, bounds them.
// Knows nothing of sockets; time comes from the clock it is given.
import type { Clock } from "./clock.ts";
import type { RequestOptions } from "./contract-types.ts";
import type { Envelope } from "./envelope.ts";
import {
  cancelled,
  describe,
  disconnected,
  invalidArgument,
  requestTimeout,
  reservedEventName,
  tooManyRequests,
  type ZapError,
} from "./errors.ts";
import { isReservedName } from "./names.ts";
import { ERROR_REPLY, parseErrorReply } from "./reply.ts";

/** Milliseconds a request waits where nothing else is said. */
export const REQUEST_TIMEOUT_MS = 10_000;

interface Pending {
  readonly eventName: string;
  settle(outcome: { readonly payload: unknown } | { readonly error: unknown }): void;
}

/** The table of one connection. */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #pending = new Map<string, Pending>();
  #lastId = 0;

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** How many wait. */
  get size(): number {
    return this.#pending.size;
  }

  /**
   * Opens a request and has it sent. The promise may be left alone: nothing is unhandled when it rejects.
   *
   * @param send - Puts the request with the given id on its way; what it throws fails the request.
   * @returns The payload of the answer.
   * @throws {ZapError} `timeout`, `cancelled`, `disconnected`, `too_many_requests`, or what the peer answered.
   */
  open(eventName: string, options: RequestOptions, send: (id: string) => void): Promise<unknown> {
    const answer = new Promise<unknown>((resolve, reject) => {
      const refusal = this.#refusal(eventName, options);
      if (refusal !== undefined) return reject(refusal);
      const id = String(++this.#lastId);
      const { timeout = REQUEST_TIMEOUT_MS, signal } = options;
      const stopClock =
        timeout === Number.POSITIVE_INFINITY
          ? undefined
          : this.#clock.after(timeout, () => pending.settle({ error: requestTimeout(eventName, timeout) }));
      const onAbort = () => pending.settle({ error: cancelled(eventName, signal?.reason) });
      const pending: Pending = {
        eventName,
        settle: (outcome) => {
          this.#pending.delete(id);
          stopClock?.();
          signal?.removeEventListener("abort", onAbort);
          if ("error" in outcome) reject(outcome.error);
          else resolve(outcome.payload);
        },
      };
      signal?.addEventListener("abort", onAbort);
      this.#pending.set(id, pending);
      try {
        send(id);
      } catch (error) {
        pending.settle({ error });
      }
    });
    answer.catch(ignore);
    return answer;
  }

  /**
   * Takes an envelope that names a request in `zap.re`. One that answers nothing open (late, repeated, forged) is
   * passed over.
   *
   * @returns Whether it answered a request.
   */
  answer(envelope: Envelope, re: string): boolean {
    const pending = this.#pending.get(re);
    if (pending === undefined) return false;
    if (envelope.eventName === ERROR_REPLY) pending.settle({ error: parseErrorReply(envelope.payload) });
    else if (envelope.eventName === pending.eventName) pending.settle({ payload: envelope.payload });
    else return false;
    return true;
  }

  /** The connection is over: every open request fails at once. */
  failAll(): void {
    for (const pending of [...this.#pending.values()]) pending.settle({ error: disconnected(pending.eventName) });
  }

  #refusal(eventName: string, { timeout = REQUEST_TIMEOUT_MS, signal }: RequestOptions): ZapError | undefined {
    if (typeof timeout !== "number" || !(timeout >= 0)) {
      return invalidArgument(`A request's timeout is a number of milliseconds, not ${describe(timeout)}.`);
    }
    // A name that is no string at all is for the encoder to refuse.
    if (typeof eventName === "string" && isReservedName(eventName)) return reservedEventName(eventName);
    if (timeout === 0) return requestTimeout(eventName, 0);
    if (signal?.aborted) return cancelled(eventName, signal.reason);
    if (this.#pending.size >= this.#limit) return tooManyRequests(eventName, this.#limit);
    return undefined;
  }
}

function ignore(): void {}
