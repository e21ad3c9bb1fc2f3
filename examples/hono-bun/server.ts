// A register on a route of Hono, on Bun, with middleware of Hono before it: bun server.ts
import { Hono } from "hono";
import { EventRegister } from "zaptools";
import { BunConnector, type BunServer, type BunSession } from "zaptools/bun";

const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const app = new Hono<{ Bindings: BunServer<BunSession> }>();
app.get("/", (c) => c.text("a page"));
app.get("/ws", (c) => BunConnector.upgrade(register, c.req.raw, c.env));

const server = Bun.serve({
  port: Number(process.env.PORT ?? 8000),
  fetch: app.fetch,
  websocket: BunConnector.websocket(register),
});
console.log(`ws://localhost:${server.port}/ws`);

process.once("SIGTERM", async () => {
  await register.close({ drain: 5_000 });
  await server.stop();
});
