// Text to value and envelope to text. Knows JSON and the limits of a frame, nothing of what an envelope means.
import {
  envelopeTooDeep,
  envelopeTooLarge,
  invalidEventName,
  invalidHeaders,
  messageOf,
  unencodablePayload,
} from "./errors.ts";
import { type EnvelopeHeaders, HEADER_DEPTH, isJsonObject, NO_HEADERS, type ZapHeader } from "./headers.ts";
import type { Limits } from "./limits.ts";
import { isEventName } from "./names.ts";
import { NOT_JSON, type Refusal, TOO_LARGE } from "./refusal.ts";
import { exceedsDepth, inspectStructure } from "./structure.ts";
import { exceedsUtf8 } from "./utf8.ts";

/** Any value JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

// An application has few names, short ones, and sends them often; the bounds are for one that makes names up.
const REMEMBERED_NAMES = 1_024;
const REMEMBERED_LENGTH = 128;
const openings = new Map<string, string>();

/** Parses one frame's text, after its size, depth and structure have been found acceptable. */
export function decode(text: string, limits: Limits): Json | Refusal {
  if (exceedsUtf8(text, limits.envelopeBytes)) return TOO_LARGE;
  const refusal = inspectStructure(text, limits.depth);
  if (refusal !== undefined) return refusal;
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

/**
 * The text of an envelope: `eventName` and `payload` always, `headers` only when there are any.
 *
 * @param payload - Anything `JSON.stringify` takes; `undefined` is sent as `null`.
 * @throws {ZapError} `invalid_event_name`, `invalid_headers`, `unencodable_payload`, `envelope_too_large` or
 *   `envelope_too_deep`; nothing has been sent then.
 */
export function encode(
  eventName: string,
  payload: unknown,
  headers: EnvelopeHeaders | undefined,
  zap: ZapHeader | undefined,
  limits: Limits,
): string {
  let text = openingOf(eventName, limits) + encodePayload(eventName, payload);
  if (headers !== undefined || zap !== undefined) text += encodeHeaders(headers, zap, limits);
  text += "}";
  if (exceedsUtf8(text, limits.envelopeBytes)) throw envelopeTooLarge(eventName, limits.envelopeBytes);
  if (exceedsDepth(text, limits.depth)) throw envelopeTooDeep(eventName, limits.depth);
  return text;
}

function openingOf(eventName: string, limits: Limits): string {
  const remembered = openings.get(eventName);
  // What is remembered may have been sent under other limits.
  if (remembered !== undefined && eventName.length <= limits.nameLength) return remembered;
  if (!isEventName(eventName, limits.nameLength)) throw invalidEventName(eventName);
  const opening = `{"eventName":${JSON.stringify(eventName)},"payload":`;
  if (eventName.length > REMEMBERED_LENGTH) return opening;
  if (openings.size >= REMEMBERED_NAMES) openings.clear();
  openings.set(eventName, opening);
  return opening;
}

function encodePayload(eventName: string, payload: unknown): string {
  if (payload === undefined) return "null";
  if (typeof payload === "function" || typeof payload === "symbol") throw unencodablePayload(eventName, typeof payload);
  try {
    // What a toJSON() returned may be undefined, whatever the types say.
    const text: string | undefined = JSON.stringify(payload);
    return text ?? "null";
  } catch (cause) {
    throw unencodablePayload(eventName, cause);
  }
}

function encodeHeaders(headers: EnvelopeHeaders | undefined, zap: ZapHeader | undefined, limits: Limits): string {
  if (headers !== undefined && !isJsonObject(headers)) throw invalidHeaders("they are not an object");
  if (headers !== undefined && Object.hasOwn(headers, "zap")) throw invalidHeaders('"zap" belongs to the toolkit');
  const all = zap === undefined ? headers : { ...headers, zap };
  const text = stringifyHeaders(all);
  if (text === "{}") return "";
  if (Object.keys(all ?? NO_HEADERS).length > limits.headerKeys) throw invalidHeaders(`over ${limits.headerKeys} keys`);
  if (exceedsUtf8(text, limits.headerBytes)) throw invalidHeaders(`over ${limits.headerBytes} bytes`);
  if (exceedsDepth(text, HEADER_DEPTH)) throw invalidHeaders(`nested over ${HEADER_DEPTH} levels`);
  return `,"headers":${text}`;
}

function stringifyHeaders(headers: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(headers);
  } catch (cause) {
    throw invalidHeaders(messageOf(cause));
  }
  // A Date, for one, is an object that becomes a string.
  if (!text?.startsWith("{")) throw invalidHeaders("they are not an object as JSON");
  return text;
}
