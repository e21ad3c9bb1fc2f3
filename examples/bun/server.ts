// A register on Bun's own server: bun server.ts
import { EventRegister } from "zaptools";
import { BunConnector } from "zaptools/bun";

const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const server = Bun.serve({
  port: Number(process.env.PORT ?? 8000),
  fetch: BunConnector.fetch(register, { path: "/ws", otherwise: () => new Response("a page") }),
  websocket: BunConnector.websocket(register),
});
console.log(`ws://localhost:${server.port}/ws`);

process.once("SIGTERM", async () => {
  await register.close({ drain: 5_000 });
  await server.stop();
});
