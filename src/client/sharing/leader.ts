// The tab that has the connection: sends for all tabs, and brings to each what is for it. Does not know how it came to
// lead.
import type { Clock } from "../../protocol/clock.ts";
import { HELLO_TEXT, PING_TEXT, PONG, parseWelcome, WELCOME } from "../../protocol/control.ts";
import type { SharedLimits } from "../../protocol/shared-limits.ts";
import type { WebSocketConstructor, WebSocketLike } from "../socket.ts";
import type { Leftovers } from "./handed.ts";
import type { FollowerNote, LeaderNote } from "./notes.ts";
import { inward, outward } from "./routing.ts";
import type { Line, TabSocket } from "./tab-socket.ts";

/** Tabs that may have a session. The one that has been silent for longest has to make room for another. */
const SESSIONS = 256;
const SLOW_MS = 50;
// As our own clients write it; a payload may hold it too.
const WRITTEN_REQUEST = '"zap":{"id":';
const GONE = 1006;

/** What a leader needs. */
export interface LeaderOptions {
  /** The id of this tab. */
  readonly me: string;
  readonly WebSocket: WebSocketConstructor;
  readonly limits: SharedLimits;
  /** Milliseconds after which a frame comes too late: its tab may have given it up. */
  readonly lateMs: number;
  readonly clock: Clock;
  readonly leftovers: Leftovers;
  /** Tells the others; who speaks is added. */
  readonly post: (note: WithoutFrom<Exclude<LeaderNote, { kind: "lead" }>>) => void;
  /** Tells the others how it is about the connection. */
  readonly announce: () => void;
  /** Somebody thinks it is worth trying to connect now. */
  readonly wake: () => void;
}

/** A note before it is signed. */
export type WithoutFrom<N> = N extends unknown ? Omit<N, "from"> : never;

/** The leading side of a tab. */
export interface Leader {
  readonly isOpen: () => boolean;
  /** Opens the one connection, for all tabs. @throws What the constructor of a WebSocket throws. */
  readonly dial: (socket: TabSocket, url: string, protocols: string[] | undefined) => void;
  readonly take: (note: FollowerNote) => void;
  /** Ends all sessions and closes the connection: another tab leads, or will. */
  readonly resign: (reason: string) => void;
}

interface Session {
  readonly id: number;
  /** Frames that were handed to the socket, and how many of these were confirmed. */
  taken: number;
  told: number;
}

interface Connection {
  readonly real: WebSocketLike;
  readonly socket: TabSocket;
  /** What the tabs may send. */
  readonly sent: SharedLimits & { envelopeBytes: number };
  /** Who waits for a pong, in the order they come. */
  readonly pinging: string[];
  welcome: string;
}

/** A leader without a connection. */
export function createLeader(options: LeaderOptions): Leader {
  const { me, WebSocket, limits, lateMs, clock, leftovers, post, announce, wake } = options;
  const sessions = new Map<string, Session>();
  let connection: Connection | undefined;
  let cancelConfirming: (() => void) | undefined;

  const end = (to: string, { id, taken }: Session, code: number, reason: string) => {
    sessions.delete(to);
    post({ kind: "end", to, session: id, taken, code, reason });
  };

  const over = (ended: Connection | undefined, code: number, reason: string) => {
    if (connection !== ended) return;
    connection = undefined;
    cancelConfirming?.();
    cancelConfirming = undefined;
    for (const [to, session] of [...sessions]) end(to, session, code, reason);
  };

  const confirm = () => {
    cancelConfirming = undefined;
    // While the network is slow nothing is confirmed, so that the other tabs see it is.
    if (connection !== undefined && connection.real.bufferedAmount > limits.bufferedBytesSoft) {
      cancelConfirming = clock.after(SLOW_MS, confirm);
      return;
    }
    for (const [to, session] of sessions) {
      if (session.told === session.taken) continue;
      session.told = session.taken;
      post({ kind: "taken", to, session: session.id, taken: session.taken });
    }
  };

  const received = (by: Connection, data: unknown) => {
    const { audience, tab, text, eventName, payload } = inward(data, limits);
    if (eventName === WELCOME) {
      by.welcome = text;
      by.sent.envelopeBytes = Math.min(limits.envelopeBytes, parseWelcome(payload).envelopeBytes ?? Infinity);
    }
    const to = eventName === PONG ? (by.pinging.shift() ?? me) : audience === "leader" ? me : tab;
    if (to !== me && sessions.size > 0) post({ kind: "frame", to, text });
    if (to === me || audience === "all") by.socket.said(typeof data === "string" ? text : data);
  };

  const dial: Leader["dial"] = (socket, url, protocols) => {
    const real = new WebSocket(url, protocols);
    const dialled: Connection = { real, socket, sent: { ...limits }, pinging: [], welcome: "" };
    connection = dialled;
    const sendOwn = (text: string) => {
      if (text === PING_TEXT) dialled.pinging.push(me);
      const own = ownRouting(text, me, dialled.sent);
      if (own.to === "server") real.send(own.text);
      else socket.said(own.text);
    };
    const line: Line = {
      get readyState() {
        return real.readyState;
      },
      get bufferedAmount() {
        return real.bufferedAmount;
      },
      send(text) {
        sendOwn(text);
        if (text !== HELLO_TEXT) return;
        for (const frame of leftovers.take()) {
          sendOwn(frame.text);
          frame.settle("sent");
        }
      },
      close(code, reason) {
        over(dialled, GONE, "closed by the leading tab");
        real.close(code, reason);
      },
    };
    socket.line = line;
    real.onopen = () => {
      socket.opened();
      announce();
    };
    real.onmessage = ({ data }: { readonly data: unknown }) => {
      if (connection === dialled) received(dialled, data);
    };
    real.onclose = ({ code, reason }: CloseEvent) => {
      over(dialled, code || GONE, reason);
      socket.ended(code, reason);
    };
    real.onerror = () => {};
  };

  const isOpen = () => connection !== undefined && connection.real.readyState === 1;

  const hand = ({ from, session: id, number, at, text }: FollowerNote & { kind: "hand" }) => {
    const session = sessions.get(from);
    // Of a session that is over its tab has been told how far it came.
    if (session?.id !== id || connection === undefined || !isOpen()) return;
    // The longest silent come first.
    sessions.delete(from);
    sessions.set(from, session);
    if (clock.now() - at > lateMs || number !== session.taken + 1) return end(from, session, GONE, "late");
    let routed: ReturnType<typeof outward>;
    try {
      routed = outward(text, from, connection.sent);
    } catch {
      return end(from, session, GONE, "no frame");
    }
    if (text === PING_TEXT) connection.pinging.push(from);
    if (routed.to === "server") connection.real.send(routed.text);
    else post({ kind: "frame", to: from, text: routed.text });
    session.taken++;
    if (cancelConfirming === undefined) confirm();
  };

  return {
    isOpen,
    dial,
    take(note) {
      if (note.kind === "ask") announce();
      if (note.kind === "wake") wake();
      if (note.kind === "hand") hand(note);
      if (note.kind === "join") {
        if (connection === undefined || !isOpen()) return announce();
        const [oldest] = sessions;
        if (sessions.size >= SESSIONS && oldest !== undefined) end(...oldest, GONE, "too many tabs");
        sessions.delete(note.from);
        sessions.set(note.from, { id: note.session, taken: 0, told: 0 });
        post({ kind: "joined", to: note.from, session: note.session, welcome: connection.welcome });
      }
      if (note.kind === "leave") {
        const session = sessions.get(note.from);
        if (session?.id === note.session) end(note.from, session, GONE, "left");
      }
    },
    resign(reason) {
      const left = connection;
      over(left, GONE, reason);
      left?.real.close();
      left?.socket.ended(GONE, reason);
    },
  };
}

/** As {@link outward}, for what this tab's own client says: all of it may be said, and only requests need a mark. */
function ownRouting(text: string, me: string, limits: SharedLimits): ReturnType<typeof outward> {
  try {
    if (text.includes(WRITTEN_REQUEST)) return outward(text, me, limits);
  } catch {
    // An answer to the server, whose payload looks like that.
  }
  return { to: "server", text };
}
