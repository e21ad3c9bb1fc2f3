// What a handler gets. Knows no sockets: replying is done by who made it.
import type {
  Answer,
  DeclaredCode,
  EventName,
  FailArguments,
  ReceivedPayload,
  RequestName,
  SentDetails,
  SentReply,
} from "../protocol/contract-types.ts";
import { handlerTimeout, ZapError } from "../protocol/errors.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import type { LifecycleEventName } from "../protocol/names.ts";
import type { AnyConnection } from "./connection-link.ts";
import type { AnyConnections, Connections } from "./connections.ts";
import type { Handshake } from "./transport.ts";
import type { WebSocketConnection } from "./websocket-connection.ts";

const BRAND: unique symbol = Symbol("replied");

/** What `reply()` returns: a handler that answered early may return it in place of an answer. */
export interface Replied {
  readonly [BRAND]: true;
}

const REPLIED: Replied = { [BRAND]: true };

/** What all handlers and middleware get, whatever the event. */
export interface AnyContext<C, S> {
  readonly eventName: string;
  readonly payload: unknown;
  /** The application's headers; frozen, without a prototype. */
  readonly headers: EnvelopeHeaders;
  /** Whoever sent the event. */
  readonly connection: WebSocketConnection<C, S>;
  /** All live connections of the register. */
  readonly connections: Connections<C, S>;
  /** The connection's own bag: the same as `connection.state`. */
  readonly state: S;
  /** Aborts when, while the handler runs, the connection is closed or lost, or its time is up (`limits.handlerMs`). */
  readonly signal: AbortSignal;
}

/** What the handler of event `K` gets. */
export interface EventContext<C, K extends EventName<C, "clientToServer">, S = DefaultState> extends AnyContext<C, S> {
  readonly eventName: K;
  /** The payload, as the contract's schema made it. */
  readonly payload: ReceivedPayload<C, "clientToServer", K>;
  /** Whether the peer waits for an answer: it sent a request, which has not been answered yet. */
  readonly isRequest: boolean;
  /**
   * Answers the request before the handler ends; what the handler returns is passed over then. When the event was not
   * sent as a request, or has been answered, nothing happens.
   */
  reply(result: SentReply<C, "clientToServer", K>): Replied;
  /**
   * Ends the handler with an error that the contract declares; the requester gets its code and details.
   *
   * @throws {ZapError} always
   */
  fail<Code extends DeclaredCode<C, "clientToServer", K>>(
    code: Code,
    ...rest: FailArguments<SentDetails<C, "clientToServer", K, Code>>
  ): never;
}

/** What lifecycle events carry. */
export interface LifecyclePayloads {
  /** How the connection was asked for. */
  readonly connected: Handshake;
  /** How it ended: the code and reason of the Close, 1005 without a code, 1006 when it was lost. */
  readonly disconnected: { readonly code: number; readonly reason: string };
  /** What went wrong, and in which event. */
  readonly error: { readonly eventName: string; readonly error: unknown };
}

/** What the handler of a lifecycle event gets. */
export interface LifecycleContext<C, K extends LifecycleEventName, S = DefaultState> extends AnyContext<C, S> {
  readonly eventName: K;
  readonly payload: LifecyclePayloads[K];
}

/** The type of a connection's state where nothing else is said. */
export type DefaultState = Record<string, unknown>;

/** The handler of event `K`: of a request it returns the answer, of any other event what it likes. */
export type Handler<C, K, S> = (context: HandlerContext<C, K, S>) => HandlerResult<C, K>;

// For several names at once, the context is that of one of them.
type HandlerContext<C, K, S> = K extends LifecycleEventName
  ? LifecycleContext<C, K, S>
  : K extends EventName<C, "clientToServer">
    ? EventContext<C, K, S>
    : never;

type HandlerResult<C, K> = [K] extends [LifecycleEventName]
  ? unknown
  : [K] extends [RequestName<C, "clientToServer">]
    ? Answer<SentReply<C, "clientToServer", K> | Replied>
    : unknown;

/** The names `onEvent` takes. */
export type HandledName<C> = EventName<C, "clientToServer"> | LifecycleEventName;

/** Who makes contexts: answers requests in their name. */
export interface ContextOwner {
  readonly connections: AnyConnections;
  /** Answers the request with this id; only called once for each. */
  answer(context: Context, requestId: string, result: unknown): void;
}

/** One event on its way through middleware and handler. The engine's own view of a context. */
export class Context {
  readonly eventName: string;
  payload: unknown;
  readonly headers: EnvelopeHeaders;
  readonly connection: AnyConnection;
  readonly #owner: ContextOwner;
  #requestId: string | undefined;
  #abort: AbortController | undefined;
  #abortReason: Error | undefined;
  #timeout: Error | undefined;

  constructor(
    owner: ContextOwner,
    connection: AnyConnection,
    eventName: string,
    payload: unknown,
    headers: EnvelopeHeaders,
    requestId: string | undefined,
  ) {
    this.#owner = owner;
    this.connection = connection;
    this.eventName = eventName;
    this.payload = payload;
    this.headers = headers;
    this.#requestId = requestId;
  }

  get connections(): AnyConnections {
    return this.#owner.connections;
  }

  get state(): unknown {
    return this.connection.state;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#abortReason !== undefined) this.#abort.abort(this.#abortReason);
    return this.#abort.signal;
  }

  get isRequest(): boolean {
    return this.#requestId !== undefined;
  }

  // A function of its own, so that handlers can take it out of their argument like everything else.
  get reply(): (result: unknown) => Replied {
    return (result) => {
      const id = this.takeRequestId();
      if (id !== undefined) this.#owner.answer(this, id, result);
      return REPLIED;
    };
  }

  fail(code: string, details: unknown, message: string = code): never {
    throw new ZapError(code, message, details);
  }

  /** The id of a request that has not been answered; whoever takes it has to. */
  takeRequestId(): string | undefined {
    const id = this.#requestId;
    this.#requestId = undefined;
    return id;
  }

  /** Why nobody wants the event any more; undefined as long as somebody does. */
  get abortReason(): Error | undefined {
    return this.#abortReason;
  }

  /** The time is up. A handler and the middleware around it may run out of time each: that is one error. */
  timeOut(limitMs: number): Error {
    this.#timeout ??= handlerTimeout(this.eventName, limitMs);
    this.abort(this.#timeout);
    return this.#timeout;
  }

  /** Aborts `signal`, also when nobody has looked at it yet. */
  abort(reason: Error): void {
    this.#abortReason ??= reason;
    this.#abort?.abort(reason);
  }
}
