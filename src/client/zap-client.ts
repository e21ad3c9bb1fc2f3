// The client as users see it. Puts its parts together and adds names to them; decides nothing itself.
import { isSendableCloseCode, truncateReason } from "../protocol/close-codes.ts";
import { decode } from "../protocol/codec.ts";
import type {
  AnyContract,
  EventName,
  ReceivedReply,
  RequestArguments,
  RequestFailure,
  RequestName,
  RequestOptions,
  SendOptions,
  SendOutcome,
  SentPayload,
  Untyped,
} from "../protocol/contract-types.ts";
import { parseEnvelope } from "../protocol/envelope.ts";
import { badEnvelope, clientClosed, invalidCloseCode, ZapError } from "../protocol/errors.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import { resolveLimits } from "../protocol/limits.ts";
import { CONTROL_PREFIX } from "../protocol/names.ts";
import { PendingRequests } from "../protocol/pending-requests.ts";
import { BAD_NAME, Refusal } from "../protocol/refusal.ts";
import type {
  AnyClientEvent,
  ClientEvent,
  ClientHandler,
  ClientOptions,
  ClientSendArguments,
  ClientStatus,
  CloseInfo,
  EventsOptions,
  Report,
  Snapshot,
  Source,
} from "./client-types.ts";
import { type AnyHandler, Incoming } from "./incoming.ts";
import { Link } from "./link.ts";
import { Outgoing } from "./outgoing.ts";
import { SendQueue } from "./send-queue.ts";
import { State } from "./state.ts";
import { stream } from "./stream.ts";
import { wallClock } from "./wall-clock.ts";

/**
 * A connection to a server that comes back by itself. What is sent while it is away waits, in order.
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
export class ZapClient<C extends AnyContract = Untyped> {
  readonly #state: State;
  readonly #link: Link;
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  readonly #report: Report;

  /**
   * @param url - The server's WebSocket address; a function is asked on every attempt.
   * @throws {ZapError} `invalid_limit`
   */
  constructor(url: Source<string | URL>, options: ClientOptions<C> = {}) {
    const { clock = wallClock, queueLimit = 256, overflow = "throw" } = options;
    const limits = resolveLimits(options.limits);
    const report: Report = (error, eventName) => {
      try {
        if (options.onError === undefined) console.error(`zaptools: ${eventName}:`, error);
        else options.onError(error, eventName);
      } catch {
        // A hook that throws has nobody left to tell.
      }
    };
    const state = new State(() => clock.now(), report);
    const requests = new PendingRequests(clock, limits.pendingRequests);
    const incoming = new Incoming(limits, report);
    const outgoing = new Outgoing({
      limits,
      state,
      requests,
      queue: new SendQueue(queueLimit, overflow),
      socket: () => link.socket,
    });
    const link = new Link(url, options, limits, clock, state, report, {
      opened: (socket) => outgoing.flush(socket),
      lost: () => outgoing.lost(),
      ended: () => outgoing.ended(),
      received(data, socket) {
        const value = typeof data === "string" ? decode(data, limits) : BAD_NAME;
        const envelope = value instanceof Refusal ? value : parseEnvelope(value, limits);
        if (envelope instanceof Refusal) {
          report(badEnvelope(), "error");
          link.refuse();
        } else if (envelope.eventName.startsWith(CONTROL_PREFIX)) link.control(envelope);
        else if (envelope.zap?.re !== undefined) requests.answer(envelope, envelope.zap.re);
        else incoming.dispatch(envelope, (text) => void (socket.buffered() !== undefined && socket.send(text)));
      },
    });
    this.#state = state;
    this.#link = link;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#report = report;
  }

  /** The connection's id on the server, while it is open and the server told. */
  get id(): string | undefined {
    return this.#link.welcome?.id;
  }

  /** What the server can do beyond plain events; empty towards a plain server. */
  get features(): ReadonlySet<string> {
    return new Set(this.#link.welcome?.features);
  }

  /**
   * Connects, and from then on keeps connected.
   *
   * @returns Resolves when the connection is open, after however many attempts. May be left alone.
   * @throws {ZapError} Rejects with `closed` when the client has closed instead.
   */
  connect(): Promise<void> {
    this.#link.open();
    return this.ready();
  }

  /** Resolves when the connection is open, whoever connects it. Rejects like {@link connect}. */
  ready(): Promise<void> {
    let stop: (() => void) | undefined;
    const ready = new Promise<void>((resolve, reject) => {
      stop = this.#state.subscribe(({ status, lastClose }) => {
        if (status === "open") resolve();
        if (status === "closed") reject(clientClosed(lastClose));
      });
    });
    ready.then(stop, stop);
    return ready;
  }

  /**
   * Closes the connection and stays closed until `connect()` is called again. What waits in the queue is given up,
   * and open requests fail with `disconnected`.
   *
   * @param code - 1000, or 3000 to 4999 for meanings of the application. Default: 1000.
   * @param reason - Cut to 123 bytes of UTF-8.
   * @returns Resolves when the socket has closed, or has had `limits.closeMs` to.
   * @throws {ZapError} Rejects with `invalid_close_code`; nothing is closed then.
   */
  async close(code = 1000, reason = ""): Promise<void> {
    if (code !== 1000 && !(code >= 3000 && isSendableCloseCode(code))) throw invalidCloseCode(code);
    await this.#link.close(code, truncateReason(reason));
  }

  /** Closes the client, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Sends an event; before the connection is open it waits in the queue.
   *
   * @param rest - The payload, headers, and `{ volatile }`.
   * @returns What became of it, known at once: `sent`; `queued` when it waits for the connection, or for more than
   *   `limits.bufferedBytesSoft` before it; `dropped` when the client is closed, or it is volatile and cannot leave now.
   *   An event that was sent when the connection is lost may be lost with it: ask with a request where it matters.
   * @throws {ZapError} Rejects with `queue_full`, or for what cannot be encoded with `invalid_event_name`,
   *   `reserved_event_name`, `invalid_headers`, `unencodable_payload`, `envelope_too_large` or `envelope_too_deep`.
   *   `onError` hears of it too, so the promise may be left alone.
   */
  send<K extends EventName<C, "clientToServer">>(
    eventName: K,
    ...rest: ClientSendArguments<C, K>
  ): Promise<SendOutcome>;
  send(eventName: string, payload?: unknown, headers?: EnvelopeHeaders, options?: SendOptions): Promise<SendOutcome> {
    const outcome = (async () => this.#outgoing.send(eventName, payload, headers, options))();
    outcome.catch((error) => this.#report(error, eventName));
    return outcome;
  }

  /**
   * Asks the server and waits for its answer. Before the connection is open the request waits; if its time is over
   * before it has left, it never leaves. When the connection is lost it fails, and is not sent again.
   *
   * @returns The answer, checked against the contract where there is one at run time.
   * @throws {ZapError} Rejects with `timeout`, `disconnected`, `cancelled`, `too_many_requests`, `queue_full`, an error
   *   of sending, or the code that the server answered; see {@link isFailure}.
   */
  request<K extends RequestName<C, "clientToServer">>(
    eventName: K,
    ...rest: RequestArguments<SentPayload<C, "clientToServer", K>>
  ): Promise<ReceivedReply<C, "clientToServer", K>>;
  request(eventName: string, payload?: unknown, options: RequestOptions = {}): Promise<unknown> {
    return this.#outgoing.request(eventName, payload, options);
  }

  /**
   * Whether `error` is what the request `eventName` fails with: then its `code` tells which failure, and with it the
   * type of its details.
   *
   * @example
   * try { await client.request("room:join", { room }); }
   * catch (error) { if (client.isFailure("room:join", error) && error.code === "full") show(error.details.max); }
   */
  isFailure<K extends RequestName<C, "clientToServer">>(
    _eventName: K,
    error: unknown,
  ): error is RequestFailure<C, "clientToServer", K> {
    return error instanceof ZapError;
  }

  /**
   * Has `handler` called with every event of this name. Handlers are called in order and not waited for; what they
   * throw goes to `onError`. Of a request, the handler registered first returns the answer.
   *
   * @returns What takes this handler out again.
   */
  onEvent<K extends EventName<C, "serverToClient">>(eventName: K, handler: ClientHandler<C, K>): () => void {
    return this.#incoming.on(eventName, handler as AnyHandler);
  }

  /** Has `handler` called with every event, before those of its name. @returns What takes it out again. */
  onAnyEvent(handler: (event: AnyClientEvent) => unknown): () => void {
    return this.#incoming.on(undefined, handler);
  }

  /** Has `handler` called with the next event of this name only. @returns What takes it out before that. */
  once<K extends EventName<C, "serverToClient">>(eventName: K, handler: ClientHandler<C, K>): () => void {
    const stop = this.#incoming.on(eventName, (event) => {
      stop();
      return (handler as AnyHandler)(event);
    });
    return stop;
  }

  /**
   * The events of a name, one after the other, from this call on. The loop ends when `signal` aborts and when the
   * client is closed.
   *
   * @throws {ZapError} The loop fails with `queue_full` when more than `limit` events wait for it.
   *
   * @example
   * for await (const { payload } of client.events("chat:said", { signal })) show(payload);
   */
  events<K extends EventName<C, "serverToClient">>(
    eventName: K,
    { signal, limit = 1_024 }: EventsOptions = {},
  ): AsyncIterableIterator<ClientEvent<C, K>> {
    return stream(
      (push: (event: ClientEvent<C, K>) => void, end) => {
        const stops = [
          this.#incoming.on(eventName, push as AnyHandler),
          this.onStateChange((status) => status === "closed" && end()),
        ];
        return () => {
          for (const stop of stops) stop();
        };
      },
      limit,
      signal,
    );
  }

  /** Gets a new token from `token` and gives it to the server on the live connection. */
  renewToken(): Promise<void> {
    return this.#link.renewToken();
  }

  // ---- state ----

  /** The state as it is: the same frozen object until something changes. */
  getSnapshot = (): Snapshot => this.#state.snapshot;

  /** Calls `listener` now and on every change of the snapshot. @returns What ends that. */
  subscribe = (listener: (snapshot: Snapshot) => void): (() => void) => this.#state.subscribe(listener);

  /** Calls `listener` whenever the status changes. @returns What ends that. */
  onStateChange(listener: (status: ClientStatus, snapshot: Snapshot) => void): () => void {
    let last = this.#state.snapshot.status;
    return this.#state.subscribe((snapshot) => {
      if (snapshot.status === last) return;
      last = snapshot.status;
      listener(last, snapshot);
    });
  }

  /** The status now and after every change, until the client is closed. The Python sibling's shape. */
  connectionState(signal?: AbortSignal): AsyncIterableIterator<ClientStatus> {
    return stream(
      (push: (status: ClientStatus) => void, end) => {
        push(this.#state.snapshot.status);
        return this.onStateChange((status) => {
          push(status);
          if (status === "closed") end();
        });
      },
      1_024,
      signal,
    );
  }

  /** Calls `listener` whenever the connection opens. The Dart sibling's shape. @returns What ends that. */
  onConnected(listener: () => void): () => void {
    return this.onStateChange((status) => status === "open" && listener());
  }

  /** Calls `listener` whenever an open connection ends. The Dart sibling's shape. @returns What ends that. */
  onDisconnected(listener: (close: CloseInfo) => void): () => void {
    let last = this.#state.snapshot.status;
    return this.onStateChange((status, { lastClose }) => {
      const before = last;
      last = status;
      if (before === "open" && lastClose !== undefined) listener(lastClose);
    });
  }

  /** Connects if nothing has yet; otherwise brings the next attempt forward. The Dart sibling's shape. */
  tryReconnect(): Promise<void> {
    this.#link.wake();
    return this.connect();
  }
}
