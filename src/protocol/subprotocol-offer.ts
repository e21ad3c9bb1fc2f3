// Reads what a client offers in its list of subprotocols: the protocol, and perhaps a token. Judges no token.
import { BEARER_PREFIX, TOKEN_LENGTH } from "./control.ts";
import { SUBPROTOCOL } from "./names.ts";

/** What a list of subprotocols says (PROTOCOL.md, "Tokens"). */
export interface SubprotocolOffer {
  /** What the server selects; undefined where nothing it knows was offered. */
  readonly protocol: typeof SUBPROTOCOL | undefined;
  /** The token, decoded; undefined when there is none, or none that can be read. */
  readonly token: string | undefined;
}

/** Reads the header `Sec-WebSocket-Protocol` (RFC 6455, section 11.3.4). */
export function readOffer(header: string | null): SubprotocolOffer {
  const offered = entriesOf(header);
  const bearer = offered.find((entry) => entry.startsWith(BEARER_PREFIX));
  return {
    protocol: offered.includes(SUBPROTOCOL) ? SUBPROTOCOL : undefined,
    token: bearer === undefined ? undefined : decodeToken(bearer.slice(BEARER_PREFIX.length)),
  };
}

/** The same header without tokens, for those who have no business with them. */
export function withoutToken(header: string): string {
  return entriesOf(header)
    .filter((entry) => !entry.startsWith(BEARER_PREFIX))
    .join(", ");
}

function entriesOf(header: string | null): string[] {
  return header === null ? [] : header.split(",").map((entry) => entry.trim());
}

/** The text of base64url without padding (RFC 4648, section 5). */
function decodeToken(encoded: string): string | undefined {
  if (encoded === "" || !/^[\w-]+$/.test(encoded)) return undefined;
  try {
    const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const token = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return token.length > TOKEN_LENGTH ? undefined : token;
  } catch {
    // No base64, or no UTF-8: whoever sent it has no token.
    return undefined;
  }
}
