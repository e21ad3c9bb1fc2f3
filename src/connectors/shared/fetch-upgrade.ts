// What connectors of runtimes with `fetch` have in common: an admission as a `Response`. Upgrades nothing.
import type { Admitted, Rejected } from "../../core/admission-verdict.ts";

/** The response that refuses an upgrade. */
export function refusalOf({ status, headers, body }: Rejected): Response {
  return new Response(body, { status, headers: headers.map(([name, value]): [string, string] => [name, value]) });
}

/** The header that selects the subprotocol; none where none is selected. */
export function protocolHeader({ protocol }: Admitted): Record<string, string> {
  return protocol === undefined ? {} : { "Sec-WebSocket-Protocol": protocol };
}
