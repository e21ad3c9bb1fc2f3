// The connector contract's server on Hono, on Bun. Prints its port.
import { Hono } from "hono";
import { BunConnector, type BunServer, type BunSession } from "../../../src/connectors/bun.ts";
import { createContractApp } from "../../contracts/app.ts";

declare const Bun: { serve(options: object): { readonly port: number } };

/** What Bun's server calls a Hono application with. */
type OnBun = { Bindings: BunServer<BunSession> };

const main = createContractApp();
const other = createContractApp();

const app = new Hono<OnBun>()
  .get("/ws", (c) => BunConnector.upgrade(main, c.req.raw, c.env))
  .get("/other", (c) => BunConnector.upgrade(other, c.req.raw, c.env))
  .get("/page", (c) => c.text("page"));

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: app.fetch,
  websocket: BunConnector.websocket(main),
});
console.log(server.port);
