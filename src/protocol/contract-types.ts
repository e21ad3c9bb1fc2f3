// What the compiler knows of a contract: names, payloads, replies and declared errors of either direction.
// Types only; nothing of this exists at run time.
import type { Arriving, ContractShape, RequestDefinition } from "./contract.ts";
import type { ZapError } from "./errors.ts";
import type { EnvelopeHeaders } from "./headers.ts";
import type { InputOf, OutputOf, StandardSchema } from "./standard-schema.ts";

/** Which way an event goes. */
export type Direction = "clientToServer" | "serverToClient";

/** The contract of those who have none: any name, payloads `unknown`. */
export interface Untyped {
  readonly clientToServer: { readonly [eventName: string]: StandardSchema };
  readonly serverToClient: { readonly [eventName: string]: StandardSchema };
}

/**
 * The definitions of direction `D`. Besides contracts, a plain map from names to payloads will do; it holds for
 * both directions. Of a contract that could be any, nothing is known.
 */
export type Definitions<C, D extends Direction> = ContractShape extends C
  ? Untyped[D]
  : [keyof C & Direction] extends [never]
    ? { readonly [K in keyof C]: StandardSchema<C[K], Arriving<C[K]>> }
    : D extends keyof C
      ? NonNullable<C[D]>
      : Record<never, never>;

// A template, so that errors list the names instead of the contract.
/** The names of direction `D`. */
export type EventName<C, D extends Direction> = `${keyof Definitions<C, D> & string}`;

type Definition<C, D extends Direction, K> = K extends keyof Definitions<C, D> ? Definitions<C, D>[K] : unknown;

type IsUntyped<C, D extends Direction> = string extends keyof Definitions<C, D> ? true : false;

/** The names of direction `D` that are requests; any name where there is no contract. */
export type RequestName<C, D extends Direction> =
  IsUntyped<C, D> extends true
    ? string
    : {
        [K in EventName<C, D>]: Definition<C, D, K> extends { readonly request: unknown } ? K : never;
      }[EventName<C, D>];

type PayloadSchema<T> = T extends { readonly request: infer R } ? R : T;

/** What a sender may give as payload. */
export type SentPayload<C, D extends Direction, K> = InputOf<PayloadSchema<Definition<C, D, K>>>;

/** What a receiver gets as payload. */
export type ReceivedPayload<C, D extends Direction, K> = OutputOf<PayloadSchema<Definition<C, D, K>>>;

/** What a handler of a request gives as answer. */
export type SentReply<C, D extends Direction, K> =
  Definition<C, D, K> extends { readonly reply: infer R } ? InputOf<R> : unknown;

/** What a requester gets as answer. */
export type ReceivedReply<C, D extends Direction, K> =
  Definition<C, D, K> extends { readonly reply: infer R } ? OutputOf<R> : unknown;

type DeclaredErrors<C, D extends Direction, K> =
  Definition<C, D, K> extends { readonly errors: infer E extends NonNullable<RequestDefinition["errors"]> }
    ? E
    : Record<never, never>;

/** The codes a request declares; any code where there is no contract. */
export type DeclaredCode<C, D extends Direction, K> =
  IsUntyped<C, D> extends true ? string : `${keyof DeclaredErrors<C, D, K> & string}`;

/** What the side that fails a request gives as details of a declared error. */
export type SentDetails<C, D extends Direction, K, Code> = Code extends keyof DeclaredErrors<C, D, K>
  ? InputOf<DeclaredErrors<C, D, K>[Code]>
  : unknown;

/** What a request may fail with, told apart by `code`. */
export type RequestFailure<C, D extends Direction, K> =
  | {
      [Code in keyof DeclaredErrors<C, D, K> & string]: ZapError<Code, OutputOf<DeclaredErrors<C, D, K>[Code]>> & {
        readonly details: OutputOf<DeclaredErrors<C, D, K>[Code]>;
      };
    }[keyof DeclaredErrors<C, D, K> & string]
  | ZapError<"invalid_payload", InvalidPayloadDetails>
  | ZapError<"timeout" | "disconnected" | "cancelled" | "too_many_requests">
  | ZapError<"unknown_event" | "internal" | "handler_timeout" | "not_handled">;

/** The details of `invalid_payload`: which fields were wrong, and why. */
export interface InvalidPayloadDetails {
  readonly issues: readonly PayloadIssue[];
}

/** One field that was wrong. */
export interface PayloadIssue {
  /** Where: keys and indices from the payload down; empty for the payload itself. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** How an event is sent besides its payload. */
export interface SendOptions {
  /** Drop it rather than wait, when the peer is away or slow. Default: false. */
  readonly volatile?: boolean;
}

/** How a server sends an event. */
export interface ServerSendOptions extends SendOptions {
  /**
   * For a peer that is slow, only the newest event of a key is kept: it leaves when less than
   * `limits.bufferedBytesSoft` waits, which may be after events that were sent later. Default: all leave in order.
   */
  readonly coalesce?: string | undefined;
}

/** Arguments that begin with a payload; where it may be `undefined` or can only be `null`, it may be left out. */
export type PayloadArguments<P, Rest extends readonly unknown[]> = undefined extends P
  ? [payload?: P, ...rest: Rest]
  : [P] extends [null]
    ? [payload?: P, ...rest: Rest]
    : [payload: P, ...rest: Rest];

/** The arguments after the name: an event without payload needs none. */
export type SendArguments<P, O extends SendOptions = SendOptions> = PayloadArguments<
  P,
  [headers?: EnvelopeHeaders, options?: O]
>;

/** The arguments of `context.fail` after the code: an error without details needs none. */
export type FailArguments<T> = undefined extends T ? [details?: T, message?: string] : [details: T, message?: string];

/** How a request is sent besides its payload. */
export interface RequestOptions {
  /** Milliseconds to wait for the answer. Default: 10,000. At 0 the request fails at once. */
  readonly timeout?: number;
  /** Gives up waiting when it aborts. */
  readonly signal?: AbortSignal;
  readonly headers?: EnvelopeHeaders;
}

/** The arguments of a request after the name. */
export type RequestArguments<P> = PayloadArguments<P, [options?: RequestOptions]>;

/** What the handler of a request returns: the answer, now or later; nothing at all, where it may be `undefined`. */
export type Answer<R> = R | Unanswered<R> | Promise<R | Unanswered<R>>;

// biome-ignore lint/suspicious/noConfusingVoidType: it is what a handler without return gives
type Unanswered<R> = undefined extends R ? void : never;

/** What became of something sent: left, waits for the network, or was given up. */
export type SendOutcome = "sent" | "queued" | "dropped";

/** Any contract, or a plain map from names to payloads. */
export type AnyContract = ContractShape | object;
