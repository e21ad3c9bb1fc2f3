// One peer, as handlers see it: send to it, ask it, close it. Knows no framework and runs no handlers.
import { isSendableCloseCode, truncateReason } from "../protocol/close-codes.ts";
import { encode } from "../protocol/codec.ts";
import type {
  EventName,
  ReceivedReply,
  RequestArguments,
  RequestName,
  RequestOptions,
  SendArguments,
  SendOutcome,
  SentPayload,
  ServerSendOptions,
} from "../protocol/contract-types.ts";
import { invalidCloseCode, messageOf, reservedEventName } from "../protocol/errors.ts";
import type { EnvelopeHeaders, ZapHeader } from "../protocol/headers.ts";
import { CONTROL_PREFIX } from "../protocol/names.ts";
import type { AnyConnection, ConnectionLink, ConnectionStatus } from "./connection-link.ts";
import type { Principal } from "./principal.ts";
import { failed, settled } from "./settled.ts";

/** The engine's side of a connection; for the engine alone. */
export let linkOf: (connection: AnyConnection) => ConnectionLink;

/**
 * One peer of a register.
 *
 * @typeParam C - The contract; it says what can be sent.
 * @typeParam S - The type of `state`.
 */
export class WebSocketConnection<C, S> {
  /** `zpt-` and a UUID, or the id it was plugged with. Unique among the live connections of its register. */
  readonly id: string;
  #state: S | undefined;
  readonly #link: ConnectionLink;

  static {
    linkOf = (connection) => (connection as WebSocketConnection<unknown, unknown>).#link;
  }

  /** Connections are made by plugging a socket into a register. */
  constructor(id: string, link: ConnectionLink) {
    this.id = id;
    this.#link = link;
  }

  /** The application's own bag for this connection; made when it is first looked at. */
  get state(): S {
    // The register makes states of the type it was given.
    this.#state ??= this.#link.createState() as S;
    return this.#state;
  }

  set state(state: S) {
    this.#state = state;
  }

  /** Whether it is still there: `open`, `closing` (a Close was sent or seen) or `closed`. */
  get status(): ConnectionStatus {
    return this.#link.status;
  }

  /** Who the peer is, as `authenticate` or the caller of `plug` said; a renewed token may have changed it. */
  get principal(): Principal | undefined {
    return this.#link.principal;
  }

  /** Bytes that have been sent here but have not left this process. */
  get bufferedBytes(): number {
    return this.#link.outbox.bufferedBytes;
  }

  /**
   * Sends an event.
   *
   * @param rest - The payload, headers, and `{ volatile, coalesce }`.
   * @returns What became of it, known at once: `sent`; `queued` when more than `limits.bufferedBytesSoft` wait before
   *   it; `dropped` when the connection is no longer open, or the event is volatile and the peer is slow.
   * @throws {ZapError} Rejects with `invalid_event_name`, `reserved_event_name`, `invalid_headers`,
   *   `unencodable_payload`, `envelope_too_large` or `envelope_too_deep`. The `error` handler hears of it too, so the
   *   promise may be left alone.
   *
   * @example
   * await connection.send("hello", "HELLO FROM SERVER !!!");
   */
  send<K extends EventName<C, "serverToClient">>(
    eventName: K,
    ...rest: SendArguments<SentPayload<C, "serverToClient", K>, ServerSendOptions>
  ): Promise<SendOutcome>;
  send(
    eventName: string,
    payload?: unknown,
    headers?: EnvelopeHeaders,
    options?: ServerSendOptions,
  ): Promise<SendOutcome> {
    if (this.#link.status !== "open") return settled("dropped");
    try {
      const text = this.#encode(eventName, payload, headers, undefined);
      return settled(this.#link.outbox.push(text, options?.volatile === true, options?.coalesce));
    } catch (error) {
      this.#link.report(eventName, error);
      return failed(error);
    }
  }

  /**
   * Asks the peer and waits for its answer. May be awaited inside a handler of the same connection.
   *
   * @returns The answer, checked against the contract where there is one.
   * @throws {ZapError} Rejects with `timeout`, `disconnected`, `cancelled`, `too_many_requests`, `invalid_payload`
   *   (the answer does not match the contract), an error of sending, or the code that the peer answered.
   */
  request<K extends RequestName<C, "serverToClient">>(
    eventName: K,
    ...rest: RequestArguments<SentPayload<C, "serverToClient", K>>
  ): Promise<ReceivedReply<C, "serverToClient", K>>;
  request(eventName: string, payload?: unknown, options: RequestOptions = {}): Promise<unknown> {
    return this.#link.request(eventName, options, (id) => {
      this.#link.outbox.push(this.#encode(eventName, payload, options.headers, { id }), false);
    });
  }

  /** The rooms it is in, in the order it joined; in `disconnected` handlers those it was in. */
  get rooms(): string[] {
    return [...this.#link.rooms.roomsOf(this).keys()];
  }

  /**
   * Joins a room, which need not exist before. Joining twice, or after the connection has ended, does nothing.
   *
   * @param name - Any text of 1 to 512 UTF-16 code units.
   * @param meta - Something the member carries in this room; see `room.meta`.
   * @returns Resolves when it has joined: at once, unless the register's `authorizeJoin` takes time.
   * @throws {ZapError} Rejects with `forbidden` or what `authorizeJoin` threw, `too_many_rooms`, `invalid_room_name`.
   */
  join(name: string, meta?: unknown): Promise<void> {
    return this.#link.rooms.join(this, name, meta);
  }

  /** Leaves a room. Does nothing when it is not in it. */
  leave(name: string): void {
    this.#link.rooms.leave(this, name);
  }

  /** Resolves when less than `limits.bufferedBytesSoft` waits to leave, or the connection is over. */
  drained(): Promise<void> {
    return this.#link.outbox.drained();
  }

  /**
   * Closes the connection. What was sent before leaves first; a peer that does not answer within `limits.closeMs` is
   * cut off.
   *
   * @param code - 1000, or 3000 to 4999 for meanings of the application. Default: 1000.
   * @param reason - Cut to 123 bytes of UTF-8.
   * @returns Resolves when the socket has closed. May be awaited inside a handler.
   * @throws {ZapError} Rejects with `invalid_close_code`; nothing is closed then.
   */
  close(code = 1000, reason = ""): Promise<void> {
    if (!isSendableCloseCode(code)) {
      const error = invalidCloseCode(code);
      this.#link.report("disconnected", error);
      return failed(error);
    }
    return this.#link.close(code, truncateReason(messageOf(reason)));
  }

  #encode(
    eventName: string,
    payload: unknown,
    headers: EnvelopeHeaders | undefined,
    zap: ZapHeader | undefined,
  ): string {
    if (typeof eventName === "string" && eventName.startsWith(CONTROL_PREFIX)) throw reservedEventName(eventName);
    return encode(eventName, payload, headers, zap, this.#link.limits);
  }
}
