// Decides whether a connection may join a room, and tells the hooks who came and went. Keeps no members.

import { isPromiseLike } from "../core/compose.ts";
import type { RoomChange, RoomHooks } from "../core/room.ts";
import { linkOf } from "../core/websocket-connection.ts";
import { forbiddenRoom, invalidRoomName, tooManyRooms } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import type { Member } from "./member.ts";

/** UTF-16 code units of a room's name. */
export const ROOM_NAME_LENGTH = 512;

/** Under these names the `error` handlers hear of hooks that failed. */
const JOIN = "zap:join";
const LEAVE = "zap:leave";

/** The door of a register's rooms. */
export class Admittance<C, S> {
  readonly #limits: Limits;
  readonly #hooks: RoomHooks<C, S>;

  constructor(limits: Limits, hooks: RoomHooks<C, S>) {
    this.#limits = limits;
    this.#hooks = hooks;
  }

  /** @throws {ZapError} `invalid_room_name` or `too_many_rooms` */
  assertRoom(member: Member<C, S>, room: unknown): void {
    if (typeof room !== "string" || room.length === 0 || room.length > ROOM_NAME_LENGTH) throw invalidRoomName(room);
    const limit = this.#limits.roomsPerConnection;
    if ((member.rooms?.size ?? 0) >= limit) throw tooManyRooms(limit);
  }

  /** Asks the application. @throws {ZapError} `forbidden`, or what the hook threw; a promise only from its own. */
  authorize(change: RoomChange<C, S>): void | Promise<void> {
    const verdict = this.#hooks.authorizeJoin?.(change) ?? true;
    return isPromiseLike(verdict) ? verdict.then((late) => judge(late, change)) : judge(verdict, change);
  }

  /** Tells that a connection has joined. */
  joined(change: RoomChange<C, S>): void {
    tell(this.#hooks.onJoin, change, JOIN);
  }

  /** Tells that a connection has left. */
  left(change: RoomChange<C, S>): void {
    tell(this.#hooks.onLeave, change, LEAVE);
  }

  /** A join that was refused, for the `error` handlers. */
  report(change: Pick<RoomChange<C, S>, "connection">, error: unknown): void {
    linkOf(change.connection).report(JOIN, error);
  }
}

function judge<C, S>(verdict: unknown, { room }: RoomChange<C, S>): void {
  if (verdict !== true) throw forbiddenRoom(room);
}

/** Calls a hook; what it throws, now or later, goes to the `error` handlers. */
function tell<C, S>(hook: RoomHooks<C, S>["onJoin"], change: RoomChange<C, S>, name: string): void {
  const report = (error: unknown) => linkOf(change.connection).report(name, error);
  try {
    const pending = hook?.(change);
    if (isPromiseLike(pending)) pending.then(undefined, report);
  } catch (error) {
    report(error);
  }
}
