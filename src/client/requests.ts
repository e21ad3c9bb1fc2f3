// The requests that wait for the server's answer: numbers them, settles each exactly once, bounds them.
// Knows nothing of sockets; time comes from the clock it is given.
import type { Clock } from "../protocol/clock.ts";
import type { RequestOptions } from "../protocol/contract-types.ts";
import { brief, type ZapErrorCode } from "../protocol/errors.ts";
import { ERROR_REPLY, parseErrorReply } from "../protocol/reply.ts";

/**
 * Opens a request and has it sent. The promise may be left alone.
 *
 * @param send - Puts the request with the given id on its way; what it throws fails the request.
 * @throws {ZapError} Rejects with `timeout`, `cancelled`, `disconnected`, `too_many_requests`, `invalid_argument`, what
 *   `send` throws, or what the server answered.
 */
export type OpenRequest = (eventName: string, options: RequestOptions, send: (id: string) => void) => Promise<unknown>;

/** Takes what answers request `re`; passed over when nothing waits for it. */
export type AnswerRequest = (re: unknown, eventName: string, payload: unknown) => void;

/** Fails those that `fails` says, by their id. */
export type FailRequests = (code: ZapErrorCode, fails: (id: unknown) => boolean) => void;

interface Pending {
  readonly settle: (eventName: string, payload: unknown) => void;
  readonly fail: (code: ZapErrorCode) => void;
}

/** A table with room for `limit` requests. */
export function createRequests(clock: Clock, limit: number): readonly [OpenRequest, AnswerRequest, FailRequests] {
  const pending = new Map<unknown, Pending>();
  let lastId = 0;
  return [
    (eventName, { timeout = 10_000, signal }, send) => {
      const answer = new Promise<unknown>((resolve, reject) => {
        const id = String(++lastId);
        let cancel: (() => void) | undefined;
        const end = (error: unknown) => {
          cancel?.();
          signal?.removeEventListener("abort", abort);
          pending.delete(id);
          reject(error);
        };
        const fail = (code: ZapErrorCode) => end(brief(code, eventName, signal?.reason));
        const abort = () => fail("cancelled");
        if (!(timeout > 0)) return fail(timeout === 0 ? "timeout" : "invalid_argument");
        if (signal?.aborted) return abort();
        if (pending.size >= limit) return fail("too_many_requests");
        if (timeout < Number.POSITIVE_INFINITY) cancel = clock.after(timeout, () => fail("timeout"));
        signal?.addEventListener("abort", abort);
        pending.set(id, {
          fail,
          settle(name, payload) {
            if (name === eventName) resolve(payload);
            if (name === eventName || name === ERROR_REPLY) end(parseErrorReply(payload));
          },
        });
        try {
          send(id);
        } catch (error) {
          end(error);
        }
      });
      answer.catch(() => {});
      return answer;
    },
    (re, eventName, payload) => pending.get(re)?.settle(eventName, payload),
    (code, fails) => {
      for (const [id, request] of [...pending]) if (fails(id)) request.fail(code);
    },
  ];
}
