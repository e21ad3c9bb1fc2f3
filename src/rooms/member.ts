// One live connection, as rooms see it. Does not know which rooms there are.
import type { Outbox } from "../core/outbox.ts";
import type { Topics } from "../core/transport.ts";
import type { WebSocketConnection } from "../core/websocket-connection.ts";

/** One live connection, as rooms see it. */
export interface Member<C, S> {
  readonly connection: WebSocketConnection<C, S>;
  readonly outbox: Outbox;
  readonly topics: Topics | undefined;
  /** What it carries, by room; made with the first room. */
  rooms: Map<string, unknown> | undefined;
  /** The last broadcast that met it, so that none meets it twice. */
  stamp: number;
}
