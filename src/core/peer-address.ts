// Which address a peer has behind the proxies one trusts, and which addresses count as one peer. Opens no socket.
import { invalidArgument, messageOf } from "../protocol/errors.ts";
import { ipBytes, isV4, isWithin, type Network, networkOf } from "./ip-address.ts";
import type { Handshake } from "./transport.ts";

// More would only be there to make a server read it.
const LONGEST_HEADER = 4_096;

// What one household or one machine gets of IPv6 (RFC 6177): who has one address of it has them all.
const V6_PEER_BYTES = 8;

/** The proxies whose word is taken for the address of the peer. */
export class TrustedProxies {
  readonly #networks: readonly Network[];

  /**
   * @param listed - Addresses (`10.0.0.7`, `::1`) and networks (`10.0.0.0/8`, `fd00::/8`).
   * @throws {ZapError} `invalid_argument` for what is neither.
   */
  constructor(listed: readonly string[]) {
    this.#networks = listed.map((text) => {
      try {
        return networkOf(text);
      } catch (error) {
        throw invalidArgument(`trustedProxies lists addresses and networks such as "10.0.0.0/8": ${messageOf(error)}.`);
      }
    });
  }

  /**
   * The address of the peer: from the right of `X-Forwarded-For`, the first entry that is no trusted proxy itself.
   * Without a trusted proxy at the other end of the socket, that end is the peer, whatever the header says.
   *
   * @param request - With the address of the other end of the socket.
   */
  peerOf({ address, headers }: Handshake): string | undefined {
    if (address === undefined || this.#networks.length === 0 || !this.#has(address)) return address;
    const forwarded = headers.get("x-forwarded-for") ?? "";
    let peer = address;
    for (const hop of forwarded.slice(-LONGEST_HEADER).split(",").reverse()) {
      const claimed = withoutPort(hop.trim());
      // Beyond what is no address nothing can be believed.
      if (ipBytes(claimed) === undefined) break;
      peer = claimed;
      if (!this.#has(claimed)) break;
    }
    return peer;
  }

  #has(address: string): boolean {
    const bytes = ipBytes(address);
    return bytes !== undefined && this.#networks.some((network) => isWithin(bytes, network));
  }
}

/** What is counted as one peer: an IPv4 address, or the /64 of an IPv6 one; other texts count as they are. */
export function addressKey(address: string): string {
  const bytes = ipBytes(address);
  if (bytes === undefined) return address;
  if (isV4(bytes)) return bytes.slice(-4).join(".");
  return `${bytes.slice(0, V6_PEER_BYTES).join(".")}/64`;
}

/** Some proxies write `[::1]:80` and `10.0.0.1:80`. */
function withoutPort(text: string): string {
  const [, inBrackets, v4] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(text) ?? [];
  return inBrackets ?? v4 ?? text;
}
