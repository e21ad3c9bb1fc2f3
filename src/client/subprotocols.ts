// How a token travels in the list of subprotocols. Does not know where tokens come from.
import type { BEARER_PREFIX } from "../protocol/control.ts";
import type { SUBPROTOCOL } from "../protocol/names.ts";
import { utf8 } from "./wire.ts";

/**
 * What is offered to the server: the protocol, with the token as base64url (RFC 4648, section 5) beside it. Nothing
 * without a token, because browsers refuse a server that does not answer an offer, and plain servers do not.
 */
export function offer(token: string | undefined): string[] | undefined {
  if (token === undefined) return undefined;
  const base64 = btoa(String.fromCharCode(...utf8(token)));
  const bearer = "zap.bearer." satisfies typeof BEARER_PREFIX;
  return [
    "zap.v1" satisfies typeof SUBPROTOCOL,
    bearer + base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
  ];
}
