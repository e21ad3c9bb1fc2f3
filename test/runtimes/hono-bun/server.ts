// The connector contract's server on Hono, on Bun. Prints its port.
import { Hono } from "hono";
import { BunConnector, type BunServer, type BunSession } from "../../../src/connectors/bun.ts";
import { createContractApps } from "../../contracts/app.ts";
import { othersBeside } from "../others.ts";

const apps = createContractApps();
const others = othersBeside(apps);

// Bun calls the application with its server, which is then the context's `env`.
const app = new Hono<{ Bindings: BunServer<BunSession> }>();
for (const [path, register] of apps.entries) app.get(path, (c) => BunConnector.upgrade(register, c.req.raw, c.env));
app.all("*", (c) => others(c.req.raw));

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: app.fetch,
  websocket: BunConnector.websocket(apps["/ws"]),
});
console.log(server.port);
