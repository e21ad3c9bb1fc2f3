// On which channels a record about an envelope goes out, and what it says. Publishes nothing.
import type { Address } from "../core/nodes.ts";
import type { Channels } from "./channels.ts";
import type { RecordContent } from "./record.ts";

// A selection of more rooms is published where all nodes listen, instead of once for each room.
const ROOM_CHANNELS = 8;
const ROOM_NAME_LENGTH = 512;

/** Where a record goes, and what it is for. */
export interface Route {
  readonly channels: readonly string[];
  readonly content: RecordContent;
}

/** The route of what is for an address; undefined when nobody can be meant. */
export function routeOf({ rooms, ...delivery }: Address, channels: Channels): Route | undefined {
  if (rooms === undefined) return { channels: [channels.all], content: { kind: "all", ...delivery } };
  // Nobody can be in a room whose name is none, here or elsewhere.
  const named = rooms.filter((room) => room.length > 0 && room.length <= ROOM_NAME_LENGTH);
  if (named.length === 0) return undefined;
  const content = { kind: "room", rooms: named, ...delivery } as const;
  if (named.length > ROOM_CHANNELS) return { channels: [channels.all], content };
  return { channels: [...new Set(named.map((room) => channels.room(room)))], content };
}
