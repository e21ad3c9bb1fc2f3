// From the text of a frame to an envelope, or to the reason why it is none. Knows no sockets.
import { decode } from "./codec.ts";
import { type Envelope, parseEnvelope } from "./envelope.ts";
import type { Limits } from "./limits.ts";
import { Refusal } from "./refusal.ts";

/** Decodes and parses what a client sent (PROTOCOL.md, "Envelope"). */
export function readEnvelope(text: string, limits: Limits): Envelope | Refusal {
  const value = decode(text, limits);
  return value instanceof Refusal ? value : parseEnvelope(value, limits);
}
