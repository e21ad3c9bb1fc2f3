// What connectors of runtimes with `fetch` have in common: a `Request` as a question to a register, its answer as a
// `Response`. Upgrades nothing.
import type { AdmissionRequest } from "../../core/admission.ts";
import type { Admitted, Rejected } from "../../core/admission-verdict.ts";

/** The path of a request; undefined where a peer sent a `Host` that no address can have. */
export function pathOf({ url }: Request): string | undefined {
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}

/** Whether a request asks for a WebSocket (RFC 6455, section 4.1). */
export function isUpgrade({ headers }: Request): boolean {
  return headers.get("upgrade")?.toLowerCase() === "websocket";
}

/**
 * A request as a register judges it. Everything is copied: a runtime may take the request back once it has answered it.
 *
 * @param address - The address at the other end of the socket, where the runtime tells.
 */
export function admissionRequestOf(request: Request, address: string | undefined): AdmissionRequest {
  const { pathname, search, protocol } = new URL(request.url);
  const headers = new Headers(request.headers);
  return { url: pathname + search, headers, address, secure: protocol === "https:", gone: request.signal };
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
