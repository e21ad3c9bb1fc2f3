// What one raw frame is: an event, a request, a reply, a refusal. Reads the wire, knows no client and no page.

/** Which way a frame went. */
export type Way = "out" | "in";

/**
 * What a frame turned out to be. `refusal`: a reply that says no. `control`: the toolkit's own. `text`: nothing that is
 * an envelope.
 */
export type FrameKind = "event" | "request" | "reply" | "refusal" | "control" | "text";

/** A frame as it passed. */
export interface Frame {
  readonly way: Way;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What there is to say of a frame. */
export interface FrameFacts {
  readonly kind: FrameKind;
  readonly eventName: string;
  /** The payload in one line. */
  readonly payload: string;
  /** The id that a request and its answer have in common. */
  readonly id: string | undefined;
  /** Its bytes on the wire, without the frame's own few. */
  readonly bytes: number;
}

/** Reads a frame. Whatever it holds, this does not throw. */
export function readFrame({ text }: Frame): FrameFacts {
  const bytes = new TextEncoder().encode(text).length;
  const envelope = parse(text);
  if (envelope === undefined) return { kind: "text", eventName: "", payload: text, id: undefined, bytes };
  const eventName = typeof envelope.eventName === "string" ? envelope.eventName : "";
  const zap = fieldsOf(fieldsOf(envelope.headers).zap);
  const id = [zap.re, zap.id].find((candidate) => typeof candidate === "string");
  return { kind: kindOf(eventName, zap), eventName, payload: JSON.stringify(envelope.payload ?? null), id, bytes };
}

/** The frame on several lines, where it is JSON. */
export function unfold(text: string): string {
  const envelope = parse(text);
  return envelope === undefined ? text : JSON.stringify(envelope, undefined, 2);
}

function kindOf(eventName: string, zap: Readonly<Record<string, unknown>>): FrameKind {
  if (zap.re !== undefined) return eventName === "error" ? "refusal" : "reply";
  if (zap.id !== undefined) return "request";
  return eventName.startsWith("zap:") ? "control" : "event";
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
