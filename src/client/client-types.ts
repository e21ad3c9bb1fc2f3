// What users of the client give it and get from it. Types only; nothing of this exists at run time.
import type { Clock } from "../protocol/clock.ts";
import type { ContractShape } from "../protocol/contract.ts";
import type { Answer, EventName, ReceivedPayload, RequestName, SentReply } from "../protocol/contract-types.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import type { Limits } from "../protocol/limits.ts";
import type { Environment } from "./environment.ts";
import type { WebSocketConstructor } from "./socket.ts";

/**
 * Where a client is: `idle` before the first `connect()`; `connecting`; `open`; `waiting` for the next attempt;
 * `offline` until the network is back; `closed` by `close()` or by a close that means so.
 */
export type ClientStatus = "idle" | "connecting" | "open" | "waiting" | "offline" | "closed";

/** How a connection ended. */
export interface CloseInfo {
  /** The code of the Close; 1005 when it had none, 1006 when the connection was lost. */
  readonly code: number;
  readonly reason: string;
}

/** All there is to show of a client. Frozen: a change makes a new one. Instants are milliseconds since the epoch. */
export interface Snapshot {
  readonly status: ClientStatus;
  /** Attempts since the connection was last stable; 0 before the first. */
  readonly attempt: number;
  /** When the next attempt begins; only while `waiting`. */
  readonly retryAt: number | undefined;
  /** When `status` began. */
  readonly since: number;
  /** How the last connection or attempt ended. */
  readonly lastClose: CloseInfo | undefined;
  /** Envelopes that wait for the connection. */
  readonly queued: number;
  /** Milliseconds of the last round trip measured; only of servers that answer pings. */
  readonly latency: number | undefined;
}

/** What happens to an envelope that finds the queue full. `throw`: `send` and `request` reject with `queue_full`. */
export type Overflow = "throw" | "drop-oldest" | "drop-newest";

/** What a client's handler gets. */
export interface ClientEvent<C, K extends EventName<C, "serverToClient">> {
  readonly eventName: K;
  readonly payload: ReceivedPayload<C, "serverToClient", K>;
  /** The application's headers. */
  readonly headers: EnvelopeHeaders;
}

/** What a handler for every event gets. */
export interface AnyClientEvent {
  readonly eventName: string;
  readonly payload: unknown;
  readonly headers: EnvelopeHeaders;
}

/** The handler of event `K`; of a request it returns the answer. */
export type ClientHandler<C, K extends EventName<C, "serverToClient">> =
  string extends EventName<C, "serverToClient">
    ? (event: ClientEvent<C, K>) => unknown
    : K extends RequestName<C, "serverToClient">
      ? (event: ClientEvent<C, K>) => Answer<SentReply<C, "serverToClient", K>>
      : (event: ClientEvent<C, K>) => unknown;

/** A value, or a function that is asked for it on every attempt. */
export type Source<T> = T | (() => T | Promise<T>);

/** Everything about a client that can be set. */
export interface ClientOptions<C> {
  /** What `defineEvents` returned, when payloads are to be checked at run time. Types alone need the type only. */
  readonly contract?: C & ContractShape;
  /** Changes to the default limits; those of servers alone are passed over. */
  readonly limits?: Partial<Limits>;
  /** Says who connects. A function is asked on every attempt, and again when the token runs out. */
  readonly token?: Source<string | undefined>;
  /**
   * Decides about a close in place of the table of close codes: `true` tries again after the usual delay, `false`
   * stays closed, `undefined` leaves it to the table.
   */
  readonly shouldReconnect?: (close: CloseInfo, attempt: number) => boolean | undefined;
  /** Envelopes that may wait for the connection. Default: 256. */
  readonly queueLimit?: number;
  /** Default: `"throw"`. */
  readonly overflow?: Overflow;
  /**
   * Told of everything that goes wrong without somebody waiting for it: handlers that throw, envelopes that cannot be
   * sent, frames the server should not send, `url` and `token` that fail. Default: `console.error`.
   */
  readonly onError?: (error: unknown, eventName: string) => void;
  /** The WebSocket to use. Default: the runtime's. */
  readonly WebSocket?: WebSocketConstructor;
  /** Tells when the network comes and goes. Default: the browser's events, where there are any. */
  readonly environment?: Environment;
  /** Where time comes from; for tests. */
  readonly clock?: Clock;
  /** A number from 0 up to 1; for tests. Default: `Math.random`. */
  readonly random?: () => number;
}

/** What `events()` and `connectionState()` take. */
export interface StreamOptions {
  /** Ends the loop when it aborts. */
  readonly signal?: AbortSignal;
}

/** Takes note of an error that nobody waits for. It does not throw. */
export type Report = (error: unknown, eventName: string) => void;
