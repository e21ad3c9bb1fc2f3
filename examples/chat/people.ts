// Who is in which room, on this node and on all others: each node tells the others who is in its rooms, as a whole, so
// that what was lost is made good by what comes next. Knows neither connections nor what is said.
import * as v from "valibot";
import type { Cluster } from "zaptools";
import { Roster } from "./roster.ts";

// Nodes that did not say they know are told again after this many milliseconds.
const AGAIN_MS = 1_000;
const EVENT = "chat:people";

const told = v.object({
  room: v.string(),
  people: v.array(v.object({ id: v.string(), name: v.string(), visit: v.string(), since: v.number() })),
});

/** Somebody in a room. */
export interface Person {
  /** The connection's id. */
  readonly id: string;
  readonly name: string;
  /** One page of one person: it stays the same when the page connects again. */
  readonly visit: string;
  /** When they came, in milliseconds since 1970: the order of the lists. */
  readonly since: number;
}

/** Told that somebody came into a room or left it, on whatever node. */
export type PeopleListener = (change: "came" | "left", room: string, person: Person) => void;

/** The people of all rooms. Without other nodes, those of this one. */
export class People {
  readonly #cluster: Cluster;
  readonly #listener: PeopleListener;
  readonly #rooms = new Map<string, Roster>();
  /** The rooms that some node may not know of as they are. */
  readonly #untold = new Set<string>();

  constructor(cluster: Cluster, listener: PeopleListener) {
    this.#cluster = cluster;
    this.#listener = listener;
    cluster.onEvent(EVENT, (payload, node) => {
      const { room, people } = v.parse(told, payload);
      this.#put(room, node, people);
    });
    cluster.onNode(({ node, change }) => {
      if (change === "joined") for (const room of this.#ownRooms()) this.#tell(room);
      else for (const room of this.#rooms.keys()) this.#put(room, node, []);
    });
  }

  /** Somebody has come into a room of this node. */
  came(room: string, person: Person): void {
    this.#putOwn(room, [...this.#own(room), person]);
  }

  /** Somebody has left a room of this node. */
  left(room: string, id: string): void {
    this.#putOwn(
      room,
      this.#own(room).filter((person) => person.id !== id),
    );
  }

  /** The names of those who are in a room, in the order they came. */
  names(room: string): string[] {
    return (
      this.#rooms
        .get(room)
        ?.people()
        .map(({ name }) => name) ?? []
    );
  }

  /** All rooms with anybody in them. */
  rooms(): { readonly name: string; readonly members: number }[] {
    return [...this.#rooms].map(([name, roster]) => ({ name, members: roster.people().length }));
  }

  #own(room: string): readonly Person[] {
    return this.#rooms.get(room)?.of(this.#cluster.id) ?? [];
  }

  #ownRooms(): string[] {
    return [...this.#rooms.keys()].filter((room) => this.#own(room).length > 0);
  }

  #putOwn(room: string, people: readonly Person[]): void {
    this.#put(room, this.#cluster.id, people);
    this.#tell(room);
  }

  #put(room: string, node: string, people: readonly Person[]): void {
    const roster = this.#rooms.get(room) ?? new Roster();
    this.#rooms.set(room, roster);
    const { came, left } = roster.put(node, people);
    if (roster.isEmpty) this.#rooms.delete(room);
    for (const person of left) this.#listener("left", room, person);
    for (const person of came) this.#listener("came", room, person);
  }

  async #tell(room: string): Promise<void> {
    const replies = await this.#cluster.emit(EVENT, { room, people: this.#own(room) });
    if (replies.every(({ status }) => status === "answered")) return;
    if (this.#untold.size === 0) setTimeout(() => this.#tellAgain(), AGAIN_MS).unref();
    this.#untold.add(room);
  }

  #tellAgain(): void {
    const rooms = [...this.#untold];
    this.#untold.clear();
    for (const room of rooms) this.#tell(room);
  }
}
