// One tab's time among the tabs, from joining to leaving: follows until it is elected, leads until it leaves. Puts both
// sides together; knows no envelopes.
import type { Clock } from "../../protocol/clock.ts";
import type { SharedLimits } from "../../protocol/shared-limits.ts";
import type { WebSocketConstructor } from "../socket.ts";
import { takePart } from "./election.ts";
import { createFollower } from "./follower.ts";
import type { Handed, Leftovers } from "./handed.ts";
import { createLeader } from "./leader.ts";
import { type Liveness, watch } from "./liveness.ts";
import { LAST_TERM, type Note, parseNote } from "./notes.ts";
import type { Dial, TabSocket } from "./tab-socket.ts";
import type { Tabs } from "./tabs.ts";

const GONE = 1006;

/** What a membership needs. */
export interface MembershipOptions {
  readonly tabs: Tabs;
  readonly WebSocket: WebSocketConstructor;
  readonly limits: SharedLimits;
  readonly clock: Clock;
  readonly random: () => number;
  readonly leftovers: Leftovers;
  /** A frame was given to the leading tab. */
  readonly handed: (frame: Handed) => void;
  /** It is worth trying to connect now. */
  readonly wake: () => void;
}

/** A tab among the tabs. */
export interface Membership {
  readonly leads: () => boolean;
  readonly dial: Dial;
  /** Has the leading tab try to connect now. */
  readonly wakeLeader: () => void;
  /** Gives up the lead and the session; `at once` where nothing runs any more afterwards. @returns When that is done. */
  readonly leave: (how: "in order" | "at once") => Promise<void>;
}

/** Joins the tabs. */
export function joinTabs(options: MembershipOptions): Membership {
  const { tabs, limits, clock, random, leftovers, handed, wake } = options;
  const me = tabs.newId();
  let leaderId: string | undefined;
  /** That of the leader, and the latest that was ever heard of. */
  let term = 0;
  let latestTerm = 0;
  let liveness: Liveness | undefined;
  let silentRounds = 0;
  let socket: TabSocket | undefined;
  // A frame that reaches the leader later than this is sent back; whoever gave it away waits at least as long.
  const lateMs = limits.heartbeatTimeoutMs / 4;
  let dialled: readonly [url: string, protocols: string[] | undefined] = ["", undefined];
  let state: "member" | "left" = "member";

  const channel = tabs.open((heard) => {
    const note = parseNote(heard);
    if (note !== undefined && note.from !== me) take(note);
  });
  const post = (note: object) => channel.post({ ...note, from: me });
  const announce = () => post({ kind: "lead", term, open: leader.isOpen() });

  const leader = createLeader({
    me,
    WebSocket: options.WebSocket,
    limits,
    lateMs,
    clock,
    leftovers,
    post,
    announce,
    wake,
  });
  const follower = createFollower({
    clock,
    lateMs,
    leftovers,
    post,
    handed(frame) {
      liveness?.probe();
      handed(frame);
    },
    over: () => proceed(),
  });

  /** What the socket that waits can have by now: a connection where this tab leads, a session where it does not. */
  const proceed = () => {
    // Nobody would close what a tab that has left still dials.
    if (state === "left" || follower.isEnding()) return false;
    if (!election.leads()) return follower.seek();
    const seeking = follower.giveUpSeeking();
    try {
      if (seeking !== undefined) leader.dial(seeking, ...dialled);
    } catch {
      // The next attempt throws in front of the client.
      seeking?.ended(GONE, "failed");
    }
    return seeking !== undefined;
  };

  const watchLeader = () => {
    liveness?.stop();
    liveness = watch({
      clock,
      idleMs: limits.heartbeatMs,
      // Tabs that lose the same leader do not all say so at once.
      timeoutMs: (limits.heartbeatTimeoutMs / 2) * (1 + random() / 4),
      ping: () => post({ kind: "ask" }),
      dead() {
        watchLeader();
        // Whoever leads now is believed, whatever was heard before.
        leaderId = undefined;
        term = 0;
        // After a sleep the first round is over before anybody could have answered.
        if (silentRounds++ === 0) liveness?.probe();
        else election.steal();
      },
    });
  };

  const elected = () => {
    liveness?.stop();
    liveness = undefined;
    // Clocks can be set back, terms not.
    term = Math.min(Math.max(latestTerm + 1, Math.floor(clock.now())), LAST_TERM);
    leaderId = me;
    follower.orphaned(me);
    announce();
    if (!proceed()) wake();
  };

  const deposed = () => {
    leaderId = undefined;
    leader.resign("another tab leads");
    follow();
  };

  const hearLeader = (from: string, hasTerm: number, isOpen: boolean) => {
    // One that was frozen may not know yet that it is deposed.
    if (hasTerm < term) return;
    term = hasTerm;
    latestTerm = Math.max(latestTerm, term);
    if (from !== leaderId) follower.orphaned(from);
    leaderId = from;
    if (isOpen && !proceed() && (socket === undefined || socket.readyState === 3)) wake();
  };

  const take = (note: Note) => {
    if (note.kind === "lead") {
      if (election.leads()) return;
      hearLeader(note.from, note.term, note.open);
    } else if (note.kind === "joined" || note.kind === "taken" || note.kind === "frame" || note.kind === "end") {
      const isForUs = note.to === me || (note.kind === "frame" && note.to === "");
      if (isForUs && (note.kind !== "joined" || note.from === leaderId)) follower.take(note);
    } else if (election.leads()) leader.take(note);
    if (note.from === leaderId) {
      silentRounds = 0;
      liveness?.heard();
    }
  };

  const follow = () => {
    watchLeader();
    liveness?.probe();
  };

  const election = takePart(tabs, elected, deposed);
  follow();

  return {
    leads: election.leads,
    dial(made, url, protocols) {
      socket = made;
      dialled = [url, protocols];
      if (election.leads() && !follower.isEnding()) return leader.dial(made, url, protocols);
      follower.dial(made);
      proceed();
      liveness?.probe();
    },
    wakeLeader: () => post({ kind: "wake" }),
    leave(how) {
      state = "left";
      liveness?.stop();
      leader.resign("the leading tab has left");
      if (how === "at once") follower.abandon();
      election.leave();
      // Before the tab rests, and not a microtask later.
      if (how === "at once") channel.close();
      return follower.ended().then(channel.close);
    },
  };
}
