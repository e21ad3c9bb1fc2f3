// Gives one text to the connections of this node that are meant. Encodes nothing, and knows no other node.
import type { BroadcastResult } from "../core/room.ts";
import type { ServerSendOptions } from "../protocol/contract-types.ts";
import type { Audience } from "./audience.ts";
import { FanOut } from "./fan-out.ts";
import type { Member } from "./member.ts";
import type { Members } from "./members.ts";

/** Who is left out: a connection, or a text that is the id of one or the name of a room. */
export type Excluded = string | { readonly id: string };

/** Delivers to the connections of one register. */
export class Delivery<C, S> {
  readonly #byId: ReadonlyMap<string, Member<C, S>>;
  readonly #members: Members<C, S>;
  readonly #everyone: Audience<C, S>;
  readonly #fanOut = new FanOut<C, S>();

  constructor(byId: ReadonlyMap<string, Member<C, S>>, members: Members<C, S>, everyone: Audience<C, S>) {
    this.#byId = byId;
    this.#members = members;
    this.#everyone = everyone;
  }

  /** Delivers `text` to the members of `rooms`, or to everyone where none are given. */
  give(
    text: string,
    rooms: readonly string[] | undefined,
    excluded: readonly Excluded[],
    how: ServerSendOptions,
  ): BroadcastResult {
    if (how.volatile !== true && how.coalesce === undefined && excluded.length === 0) {
      const published = this.#publish(text, rooms);
      if (published !== undefined) return published;
    }
    const targets = rooms === undefined ? [this.#byId.values()] : rooms.map((room) => this.#membersOf(room));
    return this.#fanOut.deliver(text, targets, this.#resolve(excluded), how);
  }

  /** Through a topic of the runtime, where one reaches exactly those who are meant. */
  #publish(text: string, rooms: readonly string[] | undefined): BroadcastResult | undefined {
    if (rooms === undefined) {
      return this.#everyone.publish(text, this.#byId.values()) ? sentTo(this.#byId.size) : undefined;
    }
    const [room] = rooms;
    if (room === undefined || rooms.length > 1) return undefined;
    const membership = this.#members.of(room);
    return membership?.audience.publish(text, membership.members) ? sentTo(membership.members.size) : undefined;
  }

  *#resolve(excluded: readonly Excluded[]): Iterable<Member<C, S>> {
    for (const selector of excluded) {
      const member = this.#byId.get(typeof selector === "string" ? selector : selector.id);
      if (member !== undefined) yield member;
      if (typeof selector === "string") yield* this.#membersOf(selector);
    }
  }

  #membersOf(room: string): Iterable<Member<C, S>> {
    return this.#members.of(room)?.members ?? [];
  }
}

function sentTo(sent: number): BroadcastResult {
  return { sent, queued: 0, dropped: 0 };
}
