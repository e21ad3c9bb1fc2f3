// Whose is what on the one connection: marks a request with the tab it comes from, and finds the tab an answer is for.
// Knows no channel and no sockets.
import { AUTH, DRAINING, PING, WELCOME } from "../../protocol/control.ts";
import { ZapError } from "../../protocol/errors.ts";
import { CONTROL_PREFIX, isReservedName } from "../../protocol/names.ts";
import { ERROR_REPLY } from "../../protocol/reply.ts";
import type { SharedLimits } from "../../protocol/shared-limits.ts";
import { type Frame, read } from "../wire.ts";

/** Where a text goes that a tab wants to send: to the server, or back to the tab because it cannot be sent. */
export interface Outward {
  readonly to: "server" | "sender";
  readonly text: string;
}

/** Whom a text from the server is for. `eventName` is empty when it is no frame. */
export interface Inward {
  readonly audience: "all" | "leader" | "tab";
  /** The tab, if it is for one. */
  readonly tab: string;
  readonly text: string;
  readonly eventName: string;
  readonly payload: unknown;
}

const SEPARATOR = ".";
const FOR_ALL: readonly string[] = [WELCOME, DRAINING];
const FROM_ANY: readonly string[] = [PING, AUTH];

/**
 * Marks what `tab` sends.
 *
 * @throws {ZapError} or a SyntaxError, for what no client of ours would send.
 */
export function outward(text: string, tab: string, limits: SharedLimits): Outward {
  const frame = read(limits, text, "handed");
  if (isReservedName(frame.eventName) && !FROM_ANY.includes(frame.eventName)) {
    throw new ZapError("reserved_event_name", frame.eventName);
  }
  const { id } = zapOf(frame);
  if (typeof id !== "string") return { to: "server", text };
  const marked = withZap(frame, { id: tab + SEPARATOR + id });
  try {
    // The mark may be what makes it too long.
    read(limits, marked, frame.eventName);
    return { to: "server", text: marked };
  } catch (error) {
    const { code, message } = error instanceof ZapError ? error : new ZapError("internal");
    return { to: "sender", text: withZap({ eventName: ERROR_REPLY, payload: { code, message } }, { re: id }) };
  }
}

/** Finds whom a text is for. What is no frame is for the leader, whose client knows what to do about it. */
export function inward(data: unknown, limits: SharedLimits): Inward {
  const rest = { tab: "", text: String(data), eventName: "", payload: undefined };
  let frame: Frame;
  try {
    frame = read(limits, data, "received");
  } catch {
    return { ...rest, audience: "leader" };
  }
  const { eventName, payload } = frame;
  const known = { ...rest, eventName, payload };
  const { id, re } = zapOf(frame);
  if (eventName.startsWith(CONTROL_PREFIX)) {
    return { ...known, audience: FOR_ALL.includes(eventName) ? "all" : "leader" };
  }
  if (typeof re === "string") {
    const [tab = ""] = re.split(SEPARATOR, 1);
    const own = re.slice(tab.length + SEPARATOR.length);
    return { ...known, audience: "tab", tab, text: withZap(frame, { re: own }) };
  }
  // Of several answers the server would take any.
  return { ...known, audience: id === undefined ? "all" : "leader" };
}

/** Whether `text` is an event of the application: what is neither that nor a request is the toolkit's own. */
export function isEventText(text: string): boolean {
  const frame: Frame = JSON.parse(text);
  return !frame.eventName.startsWith(CONTROL_PREFIX) && Object.keys(zapOf(frame)).length === 0;
}

function zapOf({ headers }: Frame): { readonly id?: unknown; readonly re?: unknown } {
  return Object(headers?.zap);
}

function withZap({ headers, ...frame }: Frame, zap: object): string {
  return JSON.stringify({ ...frame, headers: { ...headers, zap: { ...zapOf({ eventName: "", headers }), ...zap } } });
}
