// Has connections join and leave rooms, as the application allows it, and tells its hooks. Does not know who is live.

import { failed } from "../core/settled.ts";
import type { Admittance } from "./admittance.ts";
import type { Member } from "./member.ts";
import type { Members } from "./members.ts";

const DONE: Promise<void> = Promise.resolve();

/** What joining needs of the router. */
export interface MembershipOwner<C, S> {
  /** Whether a connection is still there. */
  isLive(member: Member<C, S>): boolean;
  /** A connection has joined a room. Resolves when what other nodes send to it arrives; undefined without such nodes. */
  entered(room: string): Promise<void> | undefined;
}

/** The coming and going of members. */
export class Memberships<C, S> {
  readonly #owner: MembershipOwner<C, S>;
  readonly #admittance: Admittance<C, S>;
  readonly #members: Members<C, S>;

  constructor(owner: MembershipOwner<C, S>, admittance: Admittance<C, S>, members: Members<C, S>) {
    this.#owner = owner;
    this.#admittance = admittance;
    this.#members = members;
  }

  /** @throws {ZapError} Rejects with `invalid_room_name`, `too_many_rooms`, `forbidden`, or what the hook threw. */
  join(member: Member<C, S>, room: string, meta: unknown): Promise<void> {
    if (member.rooms?.has(room)) return DONE;
    const change = { connection: member.connection, room, meta };
    const fail = (error: unknown): Promise<never> => {
      this.#admittance.report(change, error);
      return failed(error);
    };
    try {
      this.#admittance.assertRoom(member, room);
      const pending = this.#admittance.authorize(change);
      if (pending === undefined) return this.#enter(member, room, meta);
      const joining = pending.then(() => this.#enter(member, room, meta)).catch(fail);
      joining.catch(ignore);
      return joining;
    } catch (error) {
      return fail(error);
    }
  }

  leave(member: Member<C, S>, room: string): void {
    const meta = member.rooms?.get(room);
    if (this.#members.exit(member, room)) this.#admittance.left({ connection: member.connection, room, meta });
  }

  /** Tells that a connection that has ended is in none of its rooms any more. */
  release(member: Member<C, S>): void {
    for (const [room, meta] of member.rooms ?? []) {
      this.#admittance.left({ connection: member.connection, room, meta });
    }
  }

  #enter(member: Member<C, S>, room: string, meta: unknown): Promise<void> {
    // While the application was asked, the connection may have ended, joined, or filled its number of rooms.
    if (!this.#owner.isLive(member) || member.rooms?.has(room)) return DONE;
    this.#admittance.assertRoom(member, room);
    this.#members.enter(member, room, meta);
    this.#admittance.joined({ connection: member.connection, room, meta });
    return this.#owner.entered(room) ?? DONE;
  }
}

function ignore(): void {}
