// Under attack: Hono on Deno.
import { Hono } from "hono";
import { DenoConnector, type DenoRequestInfo } from "../../../src/connectors/deno.ts";
import { createApplication } from "../../attacks/application.ts";
import { ready } from "../../attacks/program.ts";

const register = createApplication();
const app = new Hono<{ Bindings: DenoRequestInfo }>();
app.get("/ws", (c) => DenoConnector.upgrade(register, c.req.raw, c.env));

const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.fetch);
ready(server.addr.port, async () => {
  await register.close();
  await server.shutdown();
});
