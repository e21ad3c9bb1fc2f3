// Which connection is in which room, and what it carries there. Sends nothing and asks nobody.
import { Audience } from "./audience.ts";
import type { Member } from "./member.ts";

/** The members of one room. */
export interface Membership<C, S> {
  readonly members: Set<Member<C, S>>;
  readonly audience: Audience<C, S>;
}

/** All rooms of a register that have members. */
export class Members<C, S> {
  readonly #topicPrefix: string;
  readonly #emptied: (room: string) => void;
  readonly #rooms = new Map<string, Membership<C, S>>();

  /**
   * @param topicPrefix - What the topics of these rooms begin with.
   * @param emptied - Told when a room has no members any more.
   */
  constructor(topicPrefix: string, emptied: (room: string) => void) {
    this.#topicPrefix = topicPrefix;
    this.#emptied = emptied;
  }

  /** The names of all rooms. */
  names(): string[] {
    return [...this.#rooms.keys()];
  }

  /** A room; undefined when it has no members. */
  of(room: string): Membership<C, S> | undefined {
    return this.#rooms.get(room);
  }

  /** Puts a member into a room. */
  enter(member: Member<C, S>, room: string, meta: unknown): void {
    member.rooms ??= new Map();
    member.rooms.set(room, meta);
    const { members, audience } = this.#rooms.get(room) ?? this.#create(room);
    members.add(member);
    audience.enter(member.topics);
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

  #create(room: string): Membership<C, S> {
    const membership = { members: new Set<Member<C, S>>(), audience: new Audience<C, S>(this.#topicPrefix + room) };
    this.#rooms.set(room, membership);
    return membership;
  }

  #withdraw(member: Member<C, S>, room: string): void {
    const membership = this.#rooms.get(room);
    if (!membership?.members.delete(member)) return;
    membership.audience.exit(member.topics);
    if (membership.members.size > 0) return;
    this.#rooms.delete(room);
    this.#emptied(room);
  }
}
