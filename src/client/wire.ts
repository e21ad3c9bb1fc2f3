// Text to envelope and back, for a client: what protocol/codec and protocol/envelope do, small enough for browsers.
// The conformance vectors hold the two together. Allows servers any event name; knows no handlers.
import { brief, type ZapErrorCode } from "../protocol/errors.ts";
import { type EnvelopeHeaders, HEADER_DEPTH, isJsonObject, type ZapHeader } from "../protocol/headers.ts";
import { isEventName } from "../protocol/names.ts";
import type { SharedLimits } from "../protocol/shared-limits.ts";

/** What a frame holds. */
export interface Frame {
  readonly eventName: string;
  readonly payload?: unknown;
  /** An object, of which nothing more is known. */
  readonly headers?: { readonly zap?: unknown } | null | undefined;
}

/**
 * Reads a frame.
 *
 * @param about - What the errors say it was.
 * @throws {ZapError} or a SyntaxError, when it is no envelope or one over the limits.
 */
export function read(data: unknown, limits: SharedLimits, about: string): Frame {
  const text = typeof data === "string" ? data : "";
  // Long texts are not parsed, whatever they hold.
  if (isLonger(text, limits.envelopeBytes)) throw brief("envelope_too_large", about);
  const frame: Frame = JSON.parse(text);
  const { eventName } = frame;
  const headers = frame.headers ?? {};
  let code: ZapErrorCode | undefined;
  if (!isEventName(eventName, limits.nameLength)) code = "invalid_event_name";
  else if (
    !isJsonObject(headers) ||
    Object.keys(headers).length > limits.headerKeys ||
    nests(headers, HEADER_DEPTH) ||
    isLonger(JSON.stringify(headers), limits.headerBytes)
  ) {
    code = "invalid_headers";
  } else if (nests(frame, limits.depth)) code = "envelope_too_deep";
  if (code !== undefined) throw brief(code, about);
  return frame;
}

/**
 * The text of an envelope: one that {@link read} takes.
 *
 * @throws {ZapError} `invalid_event_name`, `invalid_headers`, `unencodable_payload`, `envelope_too_large` or
 *   `envelope_too_deep`.
 */
export function write(
  eventName: string,
  payload: unknown,
  headers: EnvelopeHeaders,
  zap: ZapHeader | undefined,
  limits: SharedLimits,
): string {
  const about = String(eventName);
  if (!isJsonObject(headers) || "zap" in headers) throw brief("invalid_headers", about);
  const all = zap === undefined ? headers : { ...headers, zap };
  let text: string;
  try {
    text = JSON.stringify({
      eventName,
      payload: payload ?? null,
      headers: Object.keys(all).length > 0 ? all : undefined,
    });
  } catch (cause) {
    throw brief("unencodable_payload", about, cause);
  }
  // A function, for one, is left out.
  if (!("payload" in read(text, limits, about))) throw brief("unencodable_payload", about);
  return text;
}

function isLonger(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes);
}

/** Whether `value` nests deeper than `levels`; what `JSON.parse` made has no cycles. */
function nests(value: unknown, levels: number): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    (levels < 1 || Object.values(value).some((inner) => nests(inner, levels - 1)))
  );
}
