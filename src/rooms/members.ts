// Which connection is in which room, and what it carries there. Sends nothing and asks nobody.
import type { Outbox } from "../core/outbox.ts";
import type { WebSocketConnection } from "../core/websocket-connection.ts";

/** One live connection, as rooms see it. */
export interface Member<C, S> {
  readonly connection: WebSocketConnection<C, S>;
  readonly outbox: Outbox;
  /** What it carries, by room; made with the first room. */
  rooms: Map<string, unknown> | undefined;
  /** The last broadcast that met it, so that none meets it twice. */
  stamp: number;
}

/** All rooms of a register that have members. */
export class Members<C, S> {
  readonly #rooms = new Map<string, Set<Member<C, S>>>();

  /** The names of all rooms. */
  names(): string[] {
    return [...this.#rooms.keys()];
  }

  /** The members of a room; undefined when there are none. */
  of(room: string): ReadonlySet<Member<C, S>> | undefined {
    return this.#rooms.get(room);
  }

  /** Puts a member into a room. */
  enter(member: Member<C, S>, room: string, meta: unknown): void {
    member.rooms ??= new Map();
    member.rooms.set(room, meta);
    const members = this.#rooms.get(room);
    if (members === undefined) this.#rooms.set(room, new Set([member]));
    else members.add(member);
  }

  /** Takes a member out of a room; an empty room is gone. @returns Whether it was in it. */
  exit(member: Member<C, S>, room: string): boolean {
    this.#withdraw(member, room);
    return member.rooms?.delete(room) ?? false;
  }

  /** Takes a member out of all rooms, while what it carried stays with it. */
  withdraw(member: Member<C, S>): void {
    for (const room of member.rooms?.keys() ?? []) this.#withdraw(member, room);
  }

  #withdraw(member: Member<C, S>, room: string): void {
    const members = this.#rooms.get(room);
    if (members?.delete(member) && members.size === 0) this.#rooms.delete(room);
  }
}
