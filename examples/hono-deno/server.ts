// A register on a route of Hono, on Deno: deno run --allow-net --allow-env server.ts
import { Hono } from "hono";
import { EventRegister } from "zaptools";
import { DenoConnector, type DenoRequestInfo } from "zaptools/deno";

const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const app = new Hono<{ Bindings: DenoRequestInfo }>();
app.get("/", (c) => c.text("a page"));
app.get("/ws", (c) => DenoConnector.upgrade(register, c.req.raw, c.env));

const port = Number(Deno.env.get("PORT") ?? 8000);
const server = Deno.serve({ port, onListen: () => console.log(`ws://localhost:${port}/ws`) }, app.fetch);

Deno.addSignalListener("SIGTERM", async () => {
  await register.close({ drain: 5_000 });
  await server.shutdown();
  Deno.exit();
});
