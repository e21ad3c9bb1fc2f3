// A register on a route of Elysia: bun server.ts
import { Elysia } from "elysia";
import { EventRegister } from "zaptools";
import { ElysiaConnector } from "zaptools/elysia";

const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const app = new Elysia({ websocket: ElysiaConnector.websocket(register) })
  .get("/", () => "a page")
  .ws("/ws", ElysiaConnector.ws(register))
  .listen(Number(process.env.PORT ?? 8000));
console.log(`ws://localhost:${app.server?.port}/ws`);

process.once("SIGTERM", async () => {
  await register.close({ drain: 5_000 });
  await app.stop();
});
