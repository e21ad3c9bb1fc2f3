// What an envelope is, and how one is read from a parsed frame. Knows nothing of text or of handlers.
import {
  type EnvelopeHeaders,
  isJsonObject,
  NO_HEADERS,
  parseHeaders,
  parseZapHeader,
  type ZapHeader,
} from "./headers.ts";
import type { Limits } from "./limits.ts";
import { isEventName } from "./names.ts";
import { BAD_NAME, NOT_AN_OBJECT, Refusal } from "./refusal.ts";

/** One decoded frame. */
export interface Envelope {
  readonly eventName: string;
  /** Any JSON; `null` where the frame had none. */
  readonly payload: unknown;
  /** The application's headers; never the toolkit's own. */
  readonly headers: EnvelopeHeaders;
  /** The toolkit's own header, where the frame had one. */
  readonly zap: ZapHeader | undefined;
}

/**
 * Reads an envelope from what a frame's text was parsed to. Keys other than `eventName`, `payload` and `headers`
 * are passed over (PROTOCOL.md, "Envelope").
 *
 * @returns The envelope, or the refusal the connection is to be closed with.
 */
export function parseEnvelope(value: unknown, limits: Limits): Envelope | Refusal {
  if (!isJsonObject(value)) return NOT_AN_OBJECT;
  const { eventName, payload = null, headers: wire } = value;
  if (!isEventName(eventName, limits.nameLength)) return BAD_NAME;
  if (wire === undefined || wire === null) return { eventName, payload, headers: NO_HEADERS, zap: undefined };
  const headers = parseHeaders(wire, limits);
  if (headers instanceof Refusal) return headers;
  const zap = parseZapHeader(wire);
  if (zap instanceof Refusal) return zap;
  return { eventName, payload, headers, zap };
}
