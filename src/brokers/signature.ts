// Signs texts with a key that all nodes share, and tells whether one was (HMAC with SHA-256, RFC 2104). Knows no records.
import { createHmac, timingSafeEqual } from "node:crypto";

/** Base64url characters of a signature. */
const LENGTH = 43;

/** Puts a text's signature before it, as a line of its own. */
export function signed(text: string, secret: string): string {
  return `${signatureOf(text, secret)}\n${text}`;
}

/** The text behind a signature; undefined when the signature is missing or another's. */
export function verified(text: string, secret: string): string | undefined {
  if (text.charAt(LENGTH) !== "\n") return undefined;
  const rest = text.slice(LENGTH + 1);
  const [given, expected] = [text.slice(0, LENGTH), signatureOf(rest, secret)].map((one) =>
    new TextEncoder().encode(one),
  );
  if (given?.length !== expected?.length || given === undefined || expected === undefined) return undefined;
  return timingSafeEqual(given, expected) ? rest : undefined;
}

function signatureOf(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("base64url");
}
