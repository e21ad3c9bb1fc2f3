// A register on Deno's own server: deno run --allow-net --allow-env server.ts
import { EventRegister } from "zaptools";
import { DenoConnector } from "zaptools/deno";

const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const port = Number(Deno.env.get("PORT") ?? 8000);
const server = Deno.serve(
  { port, onListen: () => console.log(`ws://localhost:${port}/ws`) },
  DenoConnector.handler(register, { path: "/ws", otherwise: () => new Response("a page") }),
);

Deno.addSignalListener("SIGTERM", async () => {
  await register.close({ drain: 5_000 });
  await server.shutdown();
  Deno.exit();
});
