// Tells whether a text from a broker may be given to clients as it is. Knows nothing of records.
import { decode } from "../protocol/codec.ts";
import { parseEnvelope } from "../protocol/envelope.ts";
import { isJsonObject } from "../protocol/headers.ts";
import type { Limits } from "../protocol/limits.ts";
import { CONTROL_PREFIX } from "../protocol/names.ts";
import { Refusal } from "../protocol/refusal.ts";

/**
 * Whether `text` is an envelope such as a server of this toolkit sends: within the limits, with name and payload, no
 * control event, and without the toolkit's own header.
 */
export function isEnvelopeText(text: string, limits: Limits): boolean {
  const value = decode(text, limits);
  if (value instanceof Refusal || !isJsonObject(value)) return false;
  const { headers } = value;
  if (!Object.hasOwn(value, "payload") || headers === null) return false;
  if (isJsonObject(headers) && Object.hasOwn(headers, "zap")) return false;
  const envelope = parseEnvelope(value, limits);
  return !(envelope instanceof Refusal) && !envelope.eventName.startsWith(CONTROL_PREFIX);
}
