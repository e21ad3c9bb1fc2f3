// The connector contract's server on Bun. Prints its port.
import { BunConnector, type BunFetch } from "../../../src/connectors/bun.ts";
import { createContractApps } from "../../contracts/app.ts";
import { NEIGHBOUR_HEADER, NEIGHBOUR_PATH } from "../../contracts/neighbour.ts";

// Bun's own global, as far as it is used here.
declare const Bun: { serve(options: object): { readonly port: number } };

const apps = createContractApps();

// What is at no register's path: text, the end of the service, and somebody else's.
const others = async (request: Request) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/page") return new Response("page");
  if (pathname === NEIGHBOUR_PATH) return new Response("", { headers: { [NEIGHBOUR_HEADER]: "somebody else" } });
  if (pathname !== "/drain") return new Response("nothing", { status: 404 });
  await apps.close();
  return new Response("drained");
};

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: apps.entries.reduce<BunFetch>(
    (otherwise, [path, register]) => BunConnector.fetch(register, { path, otherwise }),
    others,
  ),
  websocket: BunConnector.websocket(apps["/ws"]),
});
console.log(server.port);
