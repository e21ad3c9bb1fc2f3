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

/** The request as it is known after the upgrade. Headers are copied: some runtimes forget them. */
export function handshakeOf(request: FetchRequest, address?: string): Handshake {
  const { pathname, search } = new URL(request.url, "http://localhost");
  const headers = request.headers instanceof Headers ? new Headers(request.headers) : request.headers;
  return { url: pathname + search, headers, address, source: request };
}

/** The request as it is judged before the upgrade. */
export function admissionRequestOf(request: FetchRequest, address?: string): AdmissionRequest {
  const { signal } = request;
  const secure = request.url.startsWith("https:");
  return { ...handshakeOf(request, address), secure, ...(signal === undefined ? {} : { gone: signal }) };
}

/** The response that refuses an upgrade. */
export function refusalOf({ status, headers, body }: Rejected): Response {
  return new Response(body, { status, headers: headers.map(([name, value]): [string, string] => [name, value]) });
}

/** The header that selects the subprotocol; none where none is selected. */
export function protocolHeader({ protocol }: Admitted): Record<string, string> {
  return protocol === undefined ? {} : { "Sec-WebSocket-Protocol": protocol };
}
