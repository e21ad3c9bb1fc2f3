// The connector contract's server on Bun. Prints its port.
import { BunConnector } from "../../../src/connectors/bun.ts";
import { createContractApp } from "../../contracts/app.ts";

// Bun's own global, as far as it is used here.
declare const Bun: { serve(options: object): { readonly port: number } };

const main = createContractApp();
const other = createContractApp();

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: BunConnector.fetch(main, {
    path: "/ws",
    otherwise: BunConnector.fetch(other, {
      path: "/other",
      otherwise: (request) => new Response("page", { status: new URL(request.url).pathname === "/page" ? 200 : 404 }),
    }),
  }),
  websocket: BunConnector.websocket(main),
});
console.log(server.port);
