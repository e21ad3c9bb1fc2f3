// What the contract's servers answer at paths of no register, where a runtime has `fetch`. Knows no runtime.
import type { createContractApps } from "../contracts/app.ts";
import { NEIGHBOUR_HEADER, NEIGHBOUR_PATH } from "../contracts/neighbour.ts";

/** Text, the end of the service, somebody else's path, and nothing anywhere else. */
export function othersBeside(apps: ReturnType<typeof createContractApps>): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/page") return new Response("page");
    if (pathname === NEIGHBOUR_PATH) return new Response("", { headers: { [NEIGHBOUR_HEADER]: "somebody else" } });
    if (pathname !== "/drain") return new Response("nothing", { status: 404 });
    await apps.close();
    return new Response("drained");
  };
}
