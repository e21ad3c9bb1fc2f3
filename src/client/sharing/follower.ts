// The tab that has no connection of its own: gives its frames to the tab that leads, and keeps each until it is known
// what became of it. Does not know how a tab comes to lead.
import type { Clock } from "../../protocol/clock.ts";
import { HELLO_TEXT } from "../../protocol/control.ts";
import type { Handed, Leftovers } from "./handed.ts";
import type { WithoutFrom } from "./leader.ts";
import type { FollowerNote, LeaderNote } from "./notes.ts";
import { isEventText } from "./routing.ts";
import type { Line, TabSocket } from "./tab-socket.ts";

// What a tab said before it lost the lock may be heard after that.
const LAST_WORDS_MS = 100;
const GONE = 1006;

/** What a follower needs. */
export interface FollowerOptions {
  readonly clock: Clock;
  /** Milliseconds after which the leader does not take a frame any more. */
  readonly lateMs: number;
  readonly leftovers: Leftovers;
  readonly post: (note: WithoutFrom<FollowerNote>) => void;
  /** A frame was given away: somebody should take it soon. */
  readonly handed: (frame: Handed) => void;
  /** A session is over. */
  readonly over: () => void;
}

/** The following side of a tab. */
export interface Follower {
  /** Whether a session is about to end. Until it has, nobody knows what has to go before all else. */
  readonly isEnding: () => boolean;
  /** The socket that waits for a session, if one does; the follower then knows no more of it. */
  readonly giveUpSeeking: () => TabSocket | undefined;
  readonly dial: (socket: TabSocket) => void;
  /** Asks for the session that is waited for. @returns Whether one is. */
  readonly seek: () => boolean;
  readonly take: (note: LeaderNote) => void;
  /** No tab leads, or another than before: `leader`. */
  readonly orphaned: (leader: string | undefined) => void;
  /** Resolves when every session is over that this tab has ended. */
  readonly ended: () => Promise<void>;
  /** Ends all sessions now, without waiting for what the leader has to say. */
  readonly abandon: () => void;
}

/**
 * `seeking`: nobody has answered yet. `open`. `leaving`: this tab has ended it, and the leader has still to say how far
 * it came. `orphaned`: the leader is gone, and what it said last may still come.
 */
interface Session {
  state: "seeking" | "open" | "leaving" | "orphaned" | "over";
  readonly id: number;
  readonly socket: TabSocket;
  leader: string | undefined;
  /** Those that were given to the leader and are not confirmed, and those that have not been given to it. */
  readonly given: Handed[];
  readonly kept: Handed[];
  /** UTF-16 code units of both. */
  size: number;
  confirmed: number;
  /** When a frame was last given. */
  givenAt: number;
  /** The close that has been asked for. */
  closing: readonly [code: number, reason: string] | undefined;
  cancel: () => void;
}

/** A follower without a session. */
export function createFollower({ clock, lateMs, leftovers, post, handed, over: told }: FollowerOptions): Follower {
  const sessions = new Map<number, Session>();
  let whenEnded = () => {};
  let lastId = 0;
  const current = () => sessions.get(lastId);

  const confirm = (session: Session, taken: number) => {
    for (; session.confirmed < taken && session.given.length > 0; session.confirmed++) {
      const frame = session.given.shift();
      session.size -= frame?.text.length ?? 0;
      frame?.settle("sent");
    }
  };

  /** `known`: how far the leader came has been told. */
  const over = (session: Session, known: boolean, code: number, reason: string) => {
    const { given, kept, socket } = session;
    if (session.state === "over") return;
    session.state = "over";
    session.cancel();
    sessions.delete(session.id);
    if (!known) for (const frame of given.splice(0)) frame.settle(isEventText(frame.text) ? "lost" : "dropped");
    leftovers.keep([...given, ...kept]);
    const [ownCode = code, ownReason = reason] = session.closing ?? [];
    socket.ended(ownCode, ownReason);
    if (sessions.size === 0) whenEnded();
    told();
  };

  /** Waits for what the leader may still have to say, until it can take nothing any more of what it was given. */
  const lastWords = (session: Session, state: "leaving" | "orphaned") => {
    session.state = state;
    session.cancel();
    const left = session.given.length > 0 ? session.givenAt + lateMs - clock.now() : 0;
    const ms = Math.min(Math.max(left, 0), lateMs) + LAST_WORDS_MS;
    session.cancel = clock.after(ms, () => over(session, false, GONE, "the leading tab is gone"));
  };

  const give = (session: Session, frame: Handed) => {
    session.size += frame.text.length;
    if (session.state !== "open") {
      session.kept.push(frame);
      return;
    }
    session.given.push(frame);
    session.givenAt = clock.now();
    const number = session.confirmed + session.given.length;
    post({ kind: "hand", session: session.id, number, at: session.givenAt, text: frame.text });
  };

  const lineOf = (session: Session): Line => ({
    readyState: 1,
    get bufferedAmount() {
      return session.size;
    },
    send(text) {
      if (text === HELLO_TEXT) {
        // The leader has said it. What did not leave by the last connection goes before all else.
        for (const frame of leftovers.take()) give(session, frame);
        return;
      }
      const frame: Handed = { text, volatile: false, settle: () => {} };
      give(session, frame);
      handed(frame);
    },
    close(code = 1005, reason = "") {
      session.closing = [code, reason];
      post({ kind: "leave", session: session.id });
      // A WebSocket never tells of its end before close() has returned.
      if (session.state === "seeking") session.cancel = clock.after(0, () => over(session, true, code, reason));
      if (session.state === "open") lastWords(session, "leaving");
    },
  });

  const seeking = () => {
    const session = current();
    return session?.state === "seeking" && session.closing === undefined ? session : undefined;
  };

  return {
    isEnding: () => [...sessions.values()].some(({ state }) => state === "leaving" || state === "orphaned"),
    giveUpSeeking() {
      const session = seeking();
      if (session !== undefined) sessions.delete(session.id);
      return session?.socket;
    },
    dial(socket) {
      const session: Session = {
        state: "seeking",
        id: ++lastId,
        socket,
        leader: undefined,
        given: [],
        kept: [],
        size: 0,
        confirmed: 0,
        givenAt: 0,
        closing: undefined,
        cancel: () => {},
      };
      sessions.set(session.id, session);
      socket.line = lineOf(session);
    },
    seek() {
      const session = seeking();
      if (session !== undefined) post({ kind: "join", session: session.id });
      return session !== undefined;
    },
    take(note) {
      if (note.kind === "lead") return;
      if (note.kind === "frame") {
        const session = current();
        if (session?.state === "open" && session.leader === note.from) session.socket.said(note.text);
        return;
      }
      const session = sessions.get(note.session);
      if (session === undefined) return;
      if (note.kind === "joined" && session === seeking()) {
        session.state = "open";
        session.leader = note.from;
        session.socket.opened();
        if (note.welcome !== "") session.socket.said(note.welcome);
      }
      if (session.leader !== note.from) return;
      if (note.kind === "taken") confirm(session, note.taken);
      if (note.kind === "end") {
        confirm(session, note.taken);
        over(session, true, note.code, note.reason);
      }
    },
    orphaned(leader) {
      for (const session of sessions.values()) {
        if (session.state === "seeking" || session.state === "orphaned" || session.leader === leader) continue;
        lastWords(session, "orphaned");
      }
    },
    ended() {
      if (sessions.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        whenEnded = resolve;
      });
    },
    abandon() {
      for (const session of [...sessions.values()]) {
        post({ kind: "leave", session: session.id });
        over(session, false, GONE, "at rest");
      }
    },
  };
}
