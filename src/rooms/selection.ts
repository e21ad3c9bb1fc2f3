// Several rooms at once, less some connections: says who is meant. Sending is its router's.
import type { BroadcastOptions, BroadcastResult, Selection, Selector } from "../core/room.ts";

/** Sends to rooms, or to everyone where no room is named. */
export type SendToRooms<C, S> = (
  rooms: readonly string[] | undefined,
  eventName: string,
  payload: unknown,
  options: BroadcastOptions<C, S>,
) => Promise<BroadcastResult>;

/** A choice of rooms that does not change. */
export class RoomSelection<C, S> implements Selection<C, S> {
  readonly #send: SendToRooms<C, S>;
  readonly #rooms: readonly string[] | undefined;
  readonly #excluded: readonly Selector<C, S>[];

  /** Selections are made by `connections.to(…)` and `connections.except(…)`. */
  constructor(send: SendToRooms<C, S>, rooms: readonly string[] | undefined, excluded: readonly Selector<C, S>[]) {
    this.#send = send;
    this.#rooms = rooms;
    this.#excluded = excluded;
  }

  to(...rooms: readonly string[]): RoomSelection<C, S> {
    return new RoomSelection(this.#send, [...(this.#rooms ?? []), ...rooms], this.#excluded);
  }

  except(...selectors: readonly Selector<C, S>[]): RoomSelection<C, S> {
    return new RoomSelection(this.#send, this.#rooms, [...this.#excluded, ...selectors]);
  }

  send(eventName: string, payload?: unknown, options: BroadcastOptions<C, S> = {}): Promise<BroadcastResult> {
    const exclude = [...this.#excluded, ...selectorsOf(options.exclude)];
    return this.#send(this.#rooms, eventName, payload, { ...options, exclude });
  }
}

/** One selector, several or none, as a list. */
export function selectorsOf<C, S>(exclude: BroadcastOptions<C, S>["exclude"]): readonly Selector<C, S>[] {
  if (exclude === undefined) return [];
  return isList(exclude) ? exclude : [exclude];
}

function isList<C, S>(exclude: Selector<C, S> | readonly Selector<C, S>[]): exclude is readonly Selector<C, S>[] {
  return Array.isArray(exclude);
}
