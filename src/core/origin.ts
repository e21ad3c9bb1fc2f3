// Whether a browser's Origin may connect here. Knows the two headers and the list, nothing of sockets.

/** What counts when an origin is judged. */
export interface OriginQuestion {
  /** The `Origin` header as it came, or null; several are joined by ", " and allowed by nobody. */
  readonly origin: string | null;
  /** The `Host` header. */
  readonly host: string | null;
  /** Whether the socket itself is encrypted. Where it is not, a proxy in front of it may have been. */
  readonly secure: boolean;
  /** Origins allowed besides the own one, letter for letter: `"*"` allows all, `"null"` the opaque one. */
  readonly allowed: readonly string[];
}

const HOST = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d+)?$/i;

/**
 * Whether a request with this `Origin` may be upgraded (RFC 6455, section 10.2). A peer without `Origin` is no
 * browser and carries nobody's cookies, so it may. Otherwise scheme, host and port of the origin are those asked for,
 * or the origin stands in the list.
 */
export function isOriginAllowed({ origin, host, secure, allowed }: OriginQuestion): boolean {
  if (origin === null) return true;
  if (allowed.includes("*") || allowed.includes(origin)) return true;
  if (host === null || !HOST.test(host) || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (from.protocol !== "https:" && (secure || from.protocol !== "http:")) return false;
  // An origin is scheme, host and port and nothing else (RFC 6454, section 6.2).
  if (from.origin !== origin.toLowerCase()) return false;
  const here = `${from.protocol}//${host}`;
  return URL.canParse(here) && new URL(here).host === from.host;
}
