// The connector contract's server on Hono's own upgradeWebSocket, on Bun. Prints its port.
import { Hono } from "hono";
import { upgradeWebSocket, websocket } from "hono/bun";
import { HonoConnector } from "../../../src/connectors/hono.ts";
import { createContractApps } from "../../contracts/app.ts";
import { othersBeside } from "../others.ts";

const apps = createContractApps();
const others = othersBeside(apps);

const app = new Hono();
for (const [path, register] of apps.entries) {
  app.get(
    path,
    HonoConnector.admit(register),
    upgradeWebSocket((c) => HonoConnector.events(register, c)),
  );
}
app.all("*", (c) => others(c.req.raw));

const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch, websocket });
console.log(server.port);
