// Brings events and requests on their way: at once when the link is open, else through the queue.
// Knows nothing of how the link comes about.
import { encode } from "../protocol/codec.ts";
import type { RequestOptions, SendOptions, SendOutcome } from "../protocol/contract-types.ts";
import { disconnected, queueFull, reservedEventName } from "../protocol/errors.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import type { Limits } from "../protocol/limits.ts";
import { isReservedName } from "../protocol/names.ts";
import type { PendingRequests } from "../protocol/pending-requests.ts";
import type { Queued, SendQueue } from "./send-queue.ts";
import type { Socket } from "./socket.ts";
import type { State } from "./state.ts";

/** What a client's outgoing side is made of. */
export interface OutgoingParts {
  readonly limits: Limits;
  readonly state: State;
  readonly queue: SendQueue;
  readonly requests: PendingRequests;
  /** The open socket, if it is. */
  readonly socket: () => Socket | undefined;
}

/** The outgoing side of one client. */
export class Outgoing {
  readonly #parts: OutgoingParts;

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
  }

  /** Sends an event. @throws {ZapError} when it cannot be encoded, or the queue is full. */
  send(
    eventName: string,
    payload: unknown,
    headers: EnvelopeHeaders | undefined,
    options: SendOptions | undefined,
  ): SendOutcome {
    if (this.#parts.state.snapshot.status === "closed") return "dropped";
    return this.#push(this.#encode(eventName, payload, headers, undefined), options?.volatile);
  }

  /** Sends a request. @returns The answer's payload. */
  request(eventName: string, payload: unknown, options: RequestOptions): Promise<unknown> {
    const { requests, queue } = this.#parts;
    let queued: Queued | undefined;
    const answer = requests.open(eventName, options, (id) => {
      queued = this.#encode(eventName, payload, options.headers, id);
      if (this.#push(queued) === "dropped") throw disconnected(eventName);
    });
    const settled = () => {
      if (queued !== undefined && queue.delete(queued)) this.#parts.state.change({ queued: queue.size });
    };
    answer.then(settled, settled);
    return answer;
  }

  /** The link is open: everything that has waited leaves, in order. */
  flush(socket: Socket): void {
    for (const { text } of this.#parts.queue.takeAll()) socket.send(text);
  }

  /** The link was lost: what has left is given up, what waits goes on waiting. */
  lost(): void {
    this.#parts.requests.failAll((id) => this.#parts.queue.has(id));
  }

  /** There will be no other link. */
  ended(): void {
    this.#parts.queue.takeAll();
    this.#parts.requests.failAll();
  }

  #encode(eventName: string, payload: unknown, headers: EnvelopeHeaders | undefined, id: string | undefined): Queued {
    const text = encode(eventName, payload, headers, id === undefined ? undefined : { id }, this.#parts.limits);
    if (isReservedName(eventName)) throw reservedEventName(eventName);
    return { eventName, id, text };
  }

  #push(queued: Queued, volatile = false): SendOutcome {
    const { limits, queue, requests, socket, state } = this.#parts;
    const open = socket();
    if (open !== undefined) {
      const buffered = open.buffered() ?? 0;
      if (buffered > limits.bufferedBytes) throw queueFull(queued.eventName, limits.bufferedBytes);
      if (volatile && buffered > limits.bufferedBytesSoft) return "dropped";
      open.send(queued.text);
      return buffered > limits.bufferedBytesSoft ? "queued" : "sent";
    }
    if (volatile || state.snapshot.status === "closed") return "dropped";
    const evicted = queue.push(queued);
    if (evicted?.id !== undefined) requests.fail(evicted.id, queueFull(evicted.eventName, queue.size));
    state.change({ queued: queue.size });
    return evicted === queued ? "dropped" : "queued";
  }
}
