// Brings events and requests on their way: at once when there is a socket, else through the queue.
// Knows nothing of how sockets come about.
import type { RequestOptions, SendOptions, SendOutcome } from "../protocol/contract-types.ts";
import { brief } from "../protocol/errors.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import { isReservedName } from "../protocol/names.ts";
import type { Core } from "./core.ts";
import type { LiveSocket } from "./link.ts";
import { type AnswerRequest, createRequests } from "./requests.ts";
import { enqueue, type SendQueue } from "./send-queue.ts";
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

/** There is a socket: all that has waited leaves, in order. */
export type Flush = (send: (text: string) => void) => void;

/** The connection was lost: requests that have left fail. What waits goes on waiting, unless this is `final`. */
export type Lost = (final: boolean) => void;

/** The outgoing side of a client that has sent nothing yet. */
export function createOutgoing(
  { options: { queueLimit = 256, overflow = "throw" }, clock, sent, call, getSnapshot, change }: Core,
  socket: LiveSocket,
): readonly [OutgoingApi, Flush, Lost, AnswerRequest] {
  const queue: SendQueue = new Map();
  const [open, answer, fail] = createRequests(clock, sent.pendingRequests);
  const changed = () => change({ queued: queue.size });

  const push = (
    eventName: string,
    payload: unknown,
    headers: EnvelopeHeaders = {},
    volatile?: boolean,
    id?: string,
  ): SendOutcome => {
    const text = write(eventName, payload, headers, id === undefined ? undefined : { id }, sent);
    if (isReservedName(eventName)) throw brief("reserved_event_name", eventName);
    const live = socket();
    if (live !== undefined) {
      const slow = live.bufferedAmount > sent.bufferedBytesSoft;
      if (slow && volatile) return "dropped";
      live.send(text);
      return slow ? "queued" : "sent";
    }
    if (volatile || getSnapshot().status === "closed") return "dropped";
    const key = id ?? {};
    const dropped = enqueue(queue, key, text, queueLimit, overflow);
    fail("queue_full", (one) => one === dropped);
    changed();
    return dropped === key ? "dropped" : "queued";
  };

  return [
    {
      send: (eventName, payload, headers, options) =>
        call(() => push(eventName, payload, headers, options?.volatile), undefined, eventName),
      request(eventName, payload, options = {}) {
        let key: string | undefined;
        const answered = open(eventName, options, (id) => {
          key = id;
          if (push(eventName, payload, options.headers, false, id) === "dropped")
            throw brief("disconnected", eventName);
        });
        // A request that is settled while it waits must never leave.
        const settled = () => {
          if (queue.delete(key)) changed();
        };
        answered.then(settled, settled);
        return answered;
      },
    },
    (send) => {
      for (const text of queue.values()) send(text);
      queue.clear();
    },
    (final) => {
      if (final) queue.clear();
      fail("disconnected", (id) => !queue.has(id));
    },
    answer,
  ];
}
