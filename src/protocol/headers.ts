// Reads an envelope's headers: the application's part and the toolkit's own (`zap`). Knows nothing of events.
import type { Limits } from "./limits.ts";
import { BAD_HEADERS, BAD_ZAP_HEADER, type Refusal } from "./refusal.ts";
import { exceedsUtf8 } from "./utf8.ts";

/** The application's headers of an envelope: any JSON by name, frozen, without a prototype. */
export type EnvelopeHeaders = Readonly<Record<string, unknown>>;

/** The fields of `headers.zap` that are understood. */
export interface ZapHeader {
  /** This envelope is a request; its answer carries the same text as `re`. */
  readonly id?: string;
  /** This envelope answers the request with that id. */
  readonly re?: string;
}

// Marked as pure, so that bundlers leave it out of clients, which do not use it.
/** No headers: shared by all envelopes without any. */
export const NO_HEADERS: EnvelopeHeaders = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.create(null));

/** UTF-16 code units of a request's id. */
export const REQUEST_ID_LENGTH = 64;

/** Levels of nesting inside `headers`, itself included. */
export const HEADER_DEPTH = 8;

type JsonObject = { readonly [key: string]: unknown };

/** Whether `value`, as `JSON.parse` made it, is an object and neither an array nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The application's headers: a frozen copy without prototype and without `zap`, or the refusal of their shape. */
export function parseHeaders(value: unknown, limits: Limits): EnvelopeHeaders | Refusal {
  if (value === undefined || value === null) return NO_HEADERS;
  if (!isJsonObject(value)) return BAD_HEADERS;
  const names = Object.keys(value);
  if (names.length > limits.headerKeys) return BAD_HEADERS;
  // Before JSON.stringify, which recurses: by then the depth is known to be small.
  const bound = freezeAndWeigh(value, HEADER_DEPTH);
  if (bound === TOO_MANY_LEVELS) return BAD_HEADERS;
  if (bound > limits.headerBytes && exceedsUtf8(JSON.stringify(value), limits.headerBytes)) return BAD_HEADERS;
  if (names.length === 1 && names[0] === "zap") return NO_HEADERS;
  const headers: Record<string, unknown> = Object.create(null);
  for (const name of names) {
    if (name !== "zap") headers[name] = value[name];
  }
  return Object.freeze(headers);
}

/** The toolkit's own header, read field by field; fields of later versions are passed over. */
export function parseZapHeader(headers: unknown): ZapHeader | undefined | Refusal {
  if (!isJsonObject(headers) || !Object.hasOwn(headers, "zap")) return undefined;
  const { zap } = headers;
  if (!isJsonObject(zap)) return BAD_ZAP_HEADER;
  const fields: { id?: string; re?: string } = {};
  for (const name of ["id", "re"] as const) {
    if (!Object.hasOwn(zap, name)) continue;
    const field = zap[name];
    if (typeof field !== "string" || field.length === 0 || field.length > REQUEST_ID_LENGTH) return BAD_ZAP_HEADER;
    fields[name] = field;
  }
  return fields;
}

// Not the property of Number, which bundlers would keep for fear that reading it does something.
const TOO_MANY_LEVELS = Infinity;

// The most a character can take as JSON: an escape such as \u0000.
const ESCAPE_BYTES = 6;
// What surrounds a string or a key: quotes, colon, comma. No literal and no number is longer than 26 bytes.
const STRING_EXTRA = 4;
const SCALAR_BYTES = 26;

/**
 * Freezes `value` all through.
 *
 * @returns At least as many bytes as `value` takes as JSON: counted roughly, for the exact number is seldom needed.
 *   `TOO_MANY_LEVELS` when it nests deeper than `levels`.
 */
function freezeAndWeigh(value: unknown, levels: number): number {
  if (typeof value === "string") return value.length * ESCAPE_BYTES + STRING_EXTRA;
  if (typeof value !== "object" || value === null) return SCALAR_BYTES;
  if (levels === 0) return TOO_MANY_LEVELS;
  Object.freeze(value);
  let bound = STRING_EXTRA;
  for (const [key, inner] of Object.entries(value)) {
    bound += key.length * ESCAPE_BYTES + STRING_EXTRA + freezeAndWeigh(inner, levels - 1);
  }
  return bound;
}
