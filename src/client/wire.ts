// Text to envelope and back, for a client: what protocol/codec and protocol/envelope do, small enough for browsers.
// The conformance vectors hold the two together. Allows servers any event name; knows no handlers.
// Constants of protocol/ are written out here, held to it by their types, where bundlers would keep them by name.
import { brief, ensure } from "../protocol/errors.ts";
import { type EnvelopeHeaders, type HEADER_DEPTH, isJsonObject, type ZapHeader } from "../protocol/headers.ts";
import { isEventName } from "../protocol/names.ts";
import type { SharedLimits } from "../protocol/shared-limits.ts";

/** What a frame holds. */
export interface Frame {
  readonly eventName: string;
  readonly payload?: unknown;
  /** An object, of which nothing more is known. */
  readonly headers?: EnvelopeHeaders | null | undefined;
}

/**
 * Reads a frame.
 *
 * @param about - What the errors say it was.
 * @throws {ZapError} or a SyntaxError, when it is no envelope or one over the limits.
 */
export function read(limits: SharedLimits, data: unknown, about: unknown): Frame {
  const text = typeof data === "string" ? data : "";
  // Long texts are not parsed, whatever they hold.
  ensure(!isLonger(text, limits.envelopeBytes), "envelope_too_large", about);
  const frame: Frame = JSON.parse(text);
  const headers = frame.headers ?? {};
  ensure(isEventName(frame.eventName, limits.nameLength), "invalid_event_name", about);
  ensure(
    isJsonObject(headers) &&
      Object.keys(headers).length <= limits.headerKeys &&
      !nests(headers, 8 satisfies typeof HEADER_DEPTH) &&
      !isLonger(JSON.stringify(headers), limits.headerBytes),
    "invalid_headers",
    about,
  );
  ensure(!nests(frame, limits.depth), "envelope_too_deep", about);
  return frame;
}

/**
 * The text of an envelope: one that {@link read} takes.
 *
 * @throws {ZapError} `invalid_event_name`, `invalid_headers`, `unencodable_payload`, `envelope_too_large` or
 *   `envelope_too_deep`.
 */
export function write(
  limits: SharedLimits,
  eventName: string,
  payload: unknown = null,
  headers: EnvelopeHeaders = {},
  zap?: ZapHeader,
): string {
  ensure(isJsonObject(headers) && !("zap" in headers), "invalid_headers", eventName);
  let text: string;
  try {
    text = JSON.stringify({
      eventName,
      payload,
      headers: zap || Object.keys(headers).length ? { ...headers, zap } : undefined,
    });
  } catch (cause) {
    throw brief("unencodable_payload", eventName, cause);
  }
  // A function, for one, is left out.
  ensure("payload" in read(limits, text, eventName), "unencodable_payload", eventName);
  return text;
}

/** `text` as UTF-8. */
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function isLonger(text: string, bytes: number): boolean {
  // Encoding takes almost as long as parsing, and nearly all texts are short.
  return text.length > bytes || (text.length * 3 > bytes && utf8(text).length > bytes);
}

/** Whether `value` nests deeper than `levels`; what `JSON.parse` made has no cycles. */
function nests(value: unknown, levels: number): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    (levels < 1 || Object.values(value).some((inner) => nests(inner, levels - 1)))
  );
}
