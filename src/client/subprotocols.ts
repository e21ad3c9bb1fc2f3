// How a token travels in the list of subprotocols. Does not know where tokens come from.
import { BEARER_PREFIX } from "../protocol/control.ts";
import { SUBPROTOCOL } from "../protocol/names.ts";

const URL_SAFE: Readonly<Record<string, string>> = { "+": "-", "/": "_", "=": "" };

/**
 * What is offered to the server: the protocol, with the token as base64url (RFC 4648, section 5) beside it. Nothing
 * without a token, because browsers refuse a server that does not answer an offer, and plain servers do not.
 */
export function offer(token: string | undefined): string[] | undefined {
  if (token === undefined) return undefined;
  const bytes = String.fromCharCode(...new TextEncoder().encode(token));
  return [SUBPROTOCOL, BEARER_PREFIX + btoa(bytes).replace(/[+/=]/g, (character) => URL_SAFE[character] ?? "")];
}
