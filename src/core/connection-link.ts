// What a connection needs of the engine behind it. The event processor of its socket provides it.
import type { RequestOptions } from "../protocol/contract-types.ts";
import type { Limits } from "../protocol/limits.ts";
import type { Watched } from "./heartbeat.ts";
import type { Outbox } from "./outbox.ts";
import type { Principal } from "./principal.ts";
import type { Topics } from "./transport.ts";

/** Where a connection is in its life. `closing`: a Close has been sent; nothing more is sent or handled. */
export type ConnectionStatus = "open" | "closing" | "closed";

/** A connection whose contract and state do not matter: the engine's own view of it. */
export interface AnyConnection {
  readonly id: string;
  readonly state: unknown;
}

/** What a connection asks about rooms. */
export interface RoomTable {
  join(connection: AnyConnection, room: string, meta: unknown): Promise<void>;
  leave(connection: AnyConnection, room: string): void;
  roomsOf(connection: AnyConnection): ReadonlyMap<string, unknown>;
}

/** The engine's side of one connection. */
export interface ConnectionLink extends Watched {
  readonly status: ConnectionStatus;
  readonly limits: Limits;
  /** Whether the peer has said `zap:hello`. */
  readonly greeted: boolean;
  /** The rooms it was in before it was resumed, if it was. */
  readonly formerRooms: readonly (readonly [room: string, meta: unknown])[];
  /** Who the peer is, as it is known now. */
  readonly principal: Principal | undefined;
  readonly outbox: Outbox;
  /** Its events that wait for their handler. */
  readonly waiting: number;
  readonly rooms: RoomTable;
  /** The runtime's topics of this socket, where there are any. */
  readonly topics: Topics | undefined;
  /** Makes the first value of `state`. */
  createState(): unknown;
  /** Opens a request; `send` is called with its id. */
  request(eventName: string, options: RequestOptions, send: (id: string) => void): Promise<unknown>;
  /** Starts closing, with a code and a reason that may be sent. Resolves when the socket has closed. */
  close(code: number, reason: string): Promise<void>;
  /** Tells the `error` handlers, once for each error. */
  report(eventName: string, error: unknown): void;
}
