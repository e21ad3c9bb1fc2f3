// Brings events and requests on their way: at once when there is a socket, else through the queue. Keeps the requests
// until they are settled. Knows nothing of how sockets come about.
import type { ClientChecks } from "../protocol/checks-of-contracts.ts";
import type { RequestOptions, SendOptions, SendOutcome } from "../protocol/contract-types.ts";
import { brief, ensure, UnmeantError, type ZapErrorCode } from "../protocol/errors.ts";
import type { EnvelopeHeaders, ZapHeader } from "../protocol/headers.ts";
import type { SharedLimits } from "../protocol/shared-limits.ts";
import type { Core } from "./audience.ts";
import { quietly } from "./call.ts";
import type { ClientOptions } from "./client-types.ts";
import { CODE_LENGTH, MESSAGE_LENGTH, REQUEST_MS } from "./numbers.ts";
import type { WebSocketLike } from "./socket.ts";
import { write } from "./wire.ts";

/** What users see of the outgoing side; described with the client. */
export interface OutgoingApi {
  readonly send: (
    eventName: string,
    payload?: unknown,
    headers?: EnvelopeHeaders,
    options?: SendOptions,
  ) => Promise<SendOutcome>;
  readonly request: (eventName: string, payload?: unknown, options?: RequestOptions) => Promise<unknown>;
}

/** The socket is open: all that has waited leaves by it, in order. */
export type Flush = (socket: WebSocketLike) => void;

/**
 * The connection was lost: requests that have left fail. What waits goes on waiting, unless this is `final`.
 *
 * @returns How many wait.
 */
export type Lost = (final: boolean) => number;

/** Takes what answers request `re`; passed over when nothing waits for it. */
export type Answer = (re: unknown, eventName: string, payload: unknown) => void;

/** Why an envelope that waits, or a request, is given up. */
type Drop = (code: ZapErrorCode) => void;

// The same names as those of protocol/names, which a test holds it to, in less text.
/** Names that a client may not send. */
export const RESERVED: RegExp = /^(zap:|(connected|disconnected|error)$)/;

/**
 * The outgoing side of a client that has sent nothing yet.
 *
 * @param limits - Those of what is sent.
 * @param getSocket - The socket there is, whatever its state.
 */
export function createOutgoing(
  { queueLimit = 256, overflow = "throw" }: Omit<ClientOptions<unknown>, "contract">,
  [clock, call, change, { getSnapshot }]: Core,
  limits: SharedLimits,
  checks: ClientChecks | undefined,
  getSocket: () => WebSocketLike | undefined,
): readonly [OutgoingApi, Flush, Lost, Answer] {
  /** Texts that wait, oldest first, by what gives them up. */
  const queue = new Map<Drop, string>();
  const pending = new Map<unknown, readonly [Drop, settle: (eventName: string, payload: unknown) => void]>();
  let lastId = 0;

  const changed = () => change({ queued: queue.size });

  const encode = (eventName: string, payload: unknown, headers?: EnvelopeHeaders, zap?: ZapHeader) => {
    ensure(!RESERVED.test(eventName), "reserved_event_name", eventName);
    return write(limits, eventName, payload, headers, zap);
  };

  const put = (text: string, drop: Drop, volatile?: boolean): SendOutcome => {
    const socket = getSocket();
    if (socket?.readyState === 1) {
      const slow = socket.bufferedAmount > limits.bufferedBytesSoft;
      if (slow && volatile) return "dropped";
      socket.send(text);
      return slow ? "queued" : "sent";
    }
    if (volatile || getSnapshot().status === "closed") return "dropped";
    queue.set(drop, text);
    if (queue.size > queueLimit) {
      const [dropped = drop] = overflow === "drop-oldest" ? queue.keys() : [];
      queue.delete(dropped);
      dropped("queue_full");
    }
    changed();
    return queue.has(drop) ? "queued" : "dropped";
  };

  return [
    {
      send: (eventName, payload, headers, options) =>
        call(
          () =>
            put(
              encode(eventName, payload, headers),
              (code) => ensure(overflow !== "throw", code, eventName),
              options?.volatile,
            ),
          eventName,
        ),
      request(eventName, payload, { timeout = REQUEST_MS, signal, headers } = {}) {
        const answered = quietly(
          () =>
            new Promise<unknown>((resolve, reject) => {
              ensure(timeout >= 0, "invalid_argument", eventName);
              ensure(timeout > 0, "timeout", eventName);
              ensure(!signal?.aborted, "cancelled", eventName, signal?.reason);
              ensure(pending.size < limits.pendingRequests, "too_many_requests", eventName);
              const id = String(++lastId);
              const text = encode(eventName, payload, headers, { id });
              const end = <T>(settle: (outcome: T) => void, outcome: T) => {
                cancel();
                signal?.removeEventListener("abort", abort);
                pending.delete(id);
                // A request that is settled while it waits must never leave.
                if (queue.delete(drop)) changed();
                settle(outcome);
              };
              const drop: Drop = (code) => end(reject, brief(code, eventName, signal?.reason));
              const abort = () => drop("cancelled");
              const cancel = clock.after(timeout, () => drop("timeout"));
              signal?.addEventListener("abort", abort);
              pending.set(id, [
                drop,
                (name, answer) => {
                  if (name === eventName) end(resolve, answer);
                  if (name === "error") end(reject, failureOf(answer));
                },
              ]);
              if (put(text, drop) === "dropped") drop("disconnected");
            }),
        );
        return checks?.answer(eventName, answered) ?? answered;
      },
    },
    (socket) => {
      for (const text of queue.values()) socket.send(text);
      queue.clear();
    },
    (final) => {
      if (final) queue.clear();
      for (const [drop] of pending.values()) if (!queue.has(drop)) drop("disconnected");
      return queue.size;
    },
    (re, eventName, payload) => pending.get(re)?.[1](eventName, payload),
  ];
}

/** The error that an error reply stands for. The server made it, so nothing in it is taken on trust. */
function failureOf(payload: unknown): UnmeantError {
  const { code, message, details }: { code?: unknown; message?: unknown; details?: unknown } = Object(payload);
  return new UnmeantError(textOf(code, CODE_LENGTH) || "internal", textOf(message, MESSAGE_LENGTH), details);
}

/** `value` cut to `length` UTF-16 code units, when it is a string. */
function textOf(value: unknown, length: number): string | undefined {
  return typeof value === "string" ? value.slice(0, length) : undefined;
}
