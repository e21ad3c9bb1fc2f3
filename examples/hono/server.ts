// A register on a route of Hono, on Node: npm run example -- hono
import { serve, upgradeWebSocket } from "@hono/node-server";
import { Hono } from "hono";
import { WebSocketServer } from "ws";
import { EventRegister } from "zaptools";
import { HonoConnector } from "zaptools/hono";

const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const app = new Hono();
app.get(
  "/ws",
  HonoConnector.admit(register),
  upgradeWebSocket((context) => HonoConnector.events(register, context)),
);

const port = Number(process.env.PORT ?? 8000);
const server = serve({
  fetch: app.fetch,
  port,
  websocket: { server: new WebSocketServer(HonoConnector.serverOptions(register)) },
});
console.log(`ws://localhost:${port}/ws`);

process.once("SIGTERM", async () => {
  await register.close({ drain: 5_000 });
  server.close();
});
