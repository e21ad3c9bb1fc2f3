// The Dart sibling's way to say the same: rooms through a manager. Only names; the rooms are the router's.
import type { BroadcastArguments, BroadcastResult } from "../core/room.ts";
import type { WebSocketConnection } from "../core/websocket-connection.ts";
import type { EventName, SentPayload } from "../protocol/contract-types.ts";
import type { ConnectionRouter } from "./connection-router.ts";

/**
 * Rooms by name, for those who come from the Dart sibling.
 *
 * @example
 * const rooms = new RoomManager(register.connections);
 * await rooms.addToRoom("lobby", connection);
 * await rooms.sendToRoom("lobby", "news", { text: "hi" });
 */
export class RoomManager<C, S> {
  readonly #connections: ConnectionRouter<C, S>;

  constructor(connections: ConnectionRouter<C, S>) {
    this.#connections = connections;
  }

  /** `connection.join(room, meta)` */
  addToRoom(room: string, connection: WebSocketConnection<C, S>, meta?: unknown): Promise<void> {
    return connection.join(room, meta);
  }

  /** `connection.leave(room)` */
  removeFromRoom(room: string, connection: WebSocketConnection<C, S>): void {
    connection.leave(room);
  }

  /** `connections.room(room).send(…)` */
  sendToRoom<K extends EventName<C, "serverToClient">>(
    room: string,
    eventName: K,
    ...rest: BroadcastArguments<SentPayload<C, "serverToClient", K>, C, S>
  ): Promise<BroadcastResult> {
    return this.#connections.room(room).send(eventName, ...rest);
  }
}
