// What a connection carries besides its socket, for runtimes that forget programs while their sockets stay. Does not know
// where it is kept meanwhile.
import type { AnyConnection } from "./connection-link.ts";
import type { Principal } from "./principal.ts";
import { linkOf } from "./websocket-connection.ts";

/** Everything a connection needs to go on where it was. Can be cloned wherever the application's own parts of it can. */
export interface Carried {
  readonly id: string;
  readonly state: unknown;
  readonly principal: Principal | undefined;
  /** The rooms in the order it joined, and what it carries in each. */
  readonly rooms: readonly (readonly [room: string, meta: unknown])[];
  /** Whether the peer has said `zap:hello`, and so may be sent control events. */
  readonly greeted: boolean;
}

/** What a live connection carries now. */
export function carriedBy(connection: AnyConnection): Carried {
  const { principal, rooms, greeted } = linkOf(connection);
  return { id: connection.id, state: connection.state, principal, rooms: [...rooms.roomsOf(connection)], greeted };
}
