// What a client can do, for its users: the whole description, without any of the code.
// The reference is for compilers whose library is older than Symbol.asyncDispose.
/// <reference lib="esnext.disposable" preserve="true" />
import type {
  AnyContract,
  EventName,
  ReceivedReply,
  RequestArguments,
  RequestFailure,
  RequestName,
  SendArguments,
  SendOutcome,
  SentPayload,
  Untyped,
} from "../protocol/contract-types.ts";
import type {
  AnyClientEvent,
  ClientEvent,
  ClientHandler,
  ClientOptions,
  ClientStatus,
  CloseInfo,
  Snapshot,
  Source,
  StreamOptions,
} from "./client-types.ts";

/** Makes clients. */
export interface ZapClientConstructor {
  /**
   * @param url - The server's WebSocket address; a function is asked on every attempt.
   * @throws {ZapError} `invalid_limit`
   */
  new <C extends AnyContract = Untyped>(url: Source<string | URL>, options?: ClientOptions<C>): ZapClient<C>;
}

/**
 * A connection to a server that comes back by itself. What is sent while it is away waits, in order. All functions
 * may be taken off the client and called on their own.
 *
 * @typeParam C - The contract: `new ZapClient<typeof chat>(url)` for types alone, or by the option `contract` for
 *   checks at run time too. Without either, any event name goes and payloads are `unknown`.
 *
 * @example
 * const client = new ZapClient<typeof chat>("wss://example.com/ws");
 * client.onEvent("chat:said", ({ payload }) => show(payload));
 * await client.connect();
 * client.send("chat:say", { room: "lobby", text: "hi" });
 */
export interface ZapClient<C extends AnyContract = Untyped> {
  /**
   * Connects, and from then on keeps connected.
   *
   * @returns Resolves when the connection is open, after however many attempts. May be left alone.
   * @throws {ZapError} Rejects with `closed` when the client has closed instead.
   */
  connect(): Promise<void>;

  /** Resolves when the connection is open, whoever connects it. Rejects like {@link connect}. */
  ready(): Promise<void>;

  /**
   * Closes the connection and stays closed until `connect()` is called again. What waits in the queue is given up, and
   * open requests fail with `disconnected`.
   *
   * @param code - 1000, or 3000 to 4999 for meanings of the application. Default: 1000.
   * @param reason - Cut to 123 bytes of UTF-8.
   * @returns Resolves when the socket has closed, or has had `limits.closeMs` to.
   * @throws {ZapError} Rejects with `invalid_close_code`; nothing is closed then.
   */
  close(code?: number, reason?: string): Promise<void>;

  /** Closes the client, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;

  /**
   * Sends an event; before the connection is open it waits in the queue.
   *
   * @param rest - The payload, headers, and `{ volatile }`.
   * @returns What became of it, known at once: `sent`; `queued` when it waits for the connection, or for more than
   *   `limits.bufferedBytesSoft` before it; `dropped` when the client is closed, or it is volatile and cannot leave
   *   now. An event that was sent when the connection is lost may be lost with it: use a request where it matters.
   * @throws {ZapError} Rejects with `queue_full`, or for what cannot be sent with `invalid_event_name`,
   *   `reserved_event_name`, `invalid_headers`, `unencodable_payload`, `envelope_too_large` or `envelope_too_deep`.
   *   `onError` hears of it too, so the promise may be left alone.
   */
  send<K extends EventName<C, "clientToServer">>(
    eventName: K,
    ...rest: SendArguments<SentPayload<C, "clientToServer", K>>
  ): Promise<SendOutcome>;

  /**
   * Asks the server and waits for its answer. Before the connection is open the request waits; if its time is over
   * before it has left, it never leaves. When the connection is lost it fails, and is not sent again.
   *
   * @returns The answer, checked against the contract where there is one at run time.
   * @throws {ZapError} Rejects with `timeout`, `disconnected`, `cancelled`, `too_many_requests`, `queue_full`, an error
   *   of sending, or the code that the server answered; see {@link isFailure}. The promise may be left alone.
   */
  request<K extends RequestName<C, "clientToServer">>(
    eventName: K,
    ...rest: RequestArguments<SentPayload<C, "clientToServer", K>>
  ): Promise<ReceivedReply<C, "clientToServer", K>>;

  /**
   * Whether `error` is what the request `eventName` fails with: then its `code` tells which failure, and with it the
   * type of its details.
   *
   * @example
   * try {
   *   await client.request("room:join", { room });
   * } catch (error) {
   *   if (client.isFailure("room:join", error) && error.code === "full") show(error.details.max);
   * }
   */
  isFailure<K extends RequestName<C, "clientToServer">>(
    eventName: K,
    error: unknown,
  ): error is RequestFailure<C, "clientToServer", K>;

  /**
   * Has `handler` called with every event of this name. Handlers are called in order and not waited for; what they
   * throw goes to `onError`. Of a request, the handler registered first returns the answer.
   *
   * @returns What takes this handler out again.
   */
  onEvent<K extends EventName<C, "serverToClient">>(eventName: K, handler: NoInfer<ClientHandler<C, K>>): () => void;

  /** Has `handler` called with every event, before those of its name. @returns What takes it out again. */
  onAnyEvent(handler: (event: AnyClientEvent) => unknown): () => void;

  /** Has `handler` called with the next event of this name only. @returns What takes it out before that. */
  once<K extends EventName<C, "serverToClient">>(eventName: K, handler: NoInfer<ClientHandler<C, K>>): () => void;

  /**
   * The events of a name, one after the other, from this call on. The loop ends when `signal` aborts and when the
   * client is closed. At most 1,024 events wait for it; more are dropped, and `onError` hears `queue_full`.
   *
   * @example
   * for await (const { payload } of client.events("chat:said", { signal })) show(payload);
   */
  events<K extends EventName<C, "serverToClient">>(
    eventName: K,
    options?: StreamOptions,
  ): AsyncIterableIterator<ClientEvent<C, K>>;

  /** What the server can do beyond the plain protocol; empty towards a plain server and while not connected. */
  readonly features: ReadonlySet<string>;

  /** Gets a new token from the option `token` and gives it to the server on the live connection. */
  renewToken(): Promise<void>;

  /** The state as it is: the same frozen object until something changes. */
  getSnapshot(): Snapshot;

  /** Calls `listener` now and on every change of the snapshot. @returns What ends that. */
  subscribe(listener: (snapshot: Snapshot) => unknown): () => void;

  /** Calls `listener` whenever the status changes. @returns What ends that. */
  onStateChange(listener: (status: ClientStatus, snapshot: Snapshot) => unknown): () => void;

  /** The status now and after every change, until the client is closed. The Python sibling's name. */
  connectionState(options?: StreamOptions): AsyncIterableIterator<ClientStatus>;

  /** Calls `listener` whenever the connection opens. The Dart sibling's name. @returns What ends that. */
  onConnected(listener: () => unknown): () => void;

  /** Calls `listener` whenever an open connection ends. The Dart sibling's name. @returns What ends that. */
  onDisconnected(listener: (close: CloseInfo) => unknown): () => void;

  /** Connects if nothing has yet; otherwise brings the next attempt forward. The Dart sibling's name. */
  tryReconnect(): Promise<void>;
}
