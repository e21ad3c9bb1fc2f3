// Under attack: Hono on Bun.
import { Hono } from "hono";
import { BunConnector, type BunServer, type BunSession } from "../../../src/connectors/bun.ts";
import { createApplication } from "../../attacks/application.ts";
import { ready } from "../../attacks/program.ts";

const register = createApplication();
const app = new Hono<{ Bindings: BunServer<BunSession> }>();
app.get("/ws", (c) => BunConnector.upgrade(register, c.req.raw, c.env));

const websocket = BunConnector.websocket(register);
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch, websocket });
ready(server.port, async () => {
  await register.close();
  await server.stop();
});
