// What connectors of runtimes with `fetch` have in common: a `Request` to be admitted, an admission as a `Response`.
// Upgrades nothing.
import type { AdmissionRequest } from "../../core/admission.ts";
import type { Admitted, Rejected } from "../../core/admission-verdict.ts";
import type { Handshake } from "../../core/transport.ts";

/** The part of a WHATWG `Request` that is used here. */
export interface FetchRequest {
  /** Absolute, or from its `/` on. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  /** Aborts when the peer has gone, where the runtime tells. */
  readonly signal?: AbortSignal;
}

const BASE = "http://localhost";

/** The request as it is known after the upgrade. Headers are copied: some runtimes forget them. */
export function handshakeOf(request: FetchRequest, address?: string): Handshake {
  // A peer may have sent a `Host` that no address can have.
  const { pathname, search } = new URL(URL.canParse(request.url, BASE) ? request.url : "/", BASE);
  const headers = request.headers instanceof Headers ? new Headers(request.headers) : request.headers;
  return { url: pathname + search, headers, address, source: request };
}

/** The request as it is judged before the upgrade. */
export function admissionRequestOf(request: FetchRequest, address?: string): AdmissionRequest {
  return {
    ...handshakeOf(request, address),
    secure: request.url.startsWith("https:"),
    // Looked at only when the application is asked: Deno has something to say on stderr to whoever looks.
    get gone() {
      return request.signal ?? new AbortController().signal;
    },
  };
}

/** The path of a request; undefined where a peer sent a `Host` that no address can have. */
export function pathOf({ url }: Request): string | undefined {
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}

/** Whether a request asks for a WebSocket (RFC 6455, section 4.1). */
export function isUpgrade({ headers }: Pick<FetchRequest, "headers">): boolean {
  return headers.get("upgrade")?.toLowerCase() === "websocket";
}

/** Whether a request is a complete handshake: its method, its version, and 16 bytes in base64 as its only key. */
export function isHandshake({ method, headers }: Pick<FetchRequest, "headers"> & { readonly method: string }): boolean {
  const key = headers.get("sec-websocket-key") ?? "";
  return method === "GET" && headers.get("sec-websocket-version") === "13" && /^[+/0-9A-Za-z]{22}==$/.test(key);
}

/** The response that refuses an upgrade. */
export function refusalOf({ status, headers, body }: Rejected): Response {
  return new Response(body, { status, headers: headers.map(([name, value]): [string, string] => [name, value]) });
}

/** The response to what is no upgrade, or is none that the runtime would take. */
export function upgradeNeeded(): Response {
  return new Response("This is a WebSocket.", { status: 426, headers: { Upgrade: "websocket" } });
}

/** The response to a request whose address cannot be read. */
export function badAddress(): Response {
  return new Response("This address cannot be read.", { status: 400 });
}

/** The response where there is nothing. */
export function notFound(): Response {
  return new Response("There is nothing at this path.", { status: 404 });
}

/** The header that selects the subprotocol; none where none is selected. */
export function protocolHeader({ protocol }: Admitted): Record<string, string> {
  return protocol === undefined ? {} : { "Sec-WebSocket-Protocol": protocol };
}

/**
 * Selects the subprotocol in a response of the runtime's own. Deno compares what it is asked to select with the offer
 * letter by letter, and does not find it in one that is written without a space after the comma.
 */
export function selectProtocol(response: Response, admitted: Admitted): Response {
  for (const [name, value] of Object.entries(protocolHeader(admitted))) response.headers.set(name, value);
  return response;
}
