// A register on sockets that are like the standard's, whoever accepted them: npm run example -- websocket
import { WebSocketServer } from "ws";
import { EventRegister } from "zaptools";
import { WebSocketConnector } from "zaptools/websocket";

const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const port = Number(process.env.PORT ?? 8000);
const sockets = new WebSocketServer({ port, path: "/ws" }, () => console.log(`ws://localhost:${port}/ws`));
sockets.on("connection", async (socket, { url = "/", headers }) => {
  const request = { url, headers: new Headers(headers as Record<string, string>) };
  const processor = WebSocketConnector.plug(register, socket, request);
  await processor.startEventStream(); // resolves when the connection has ended
});

process.once("SIGTERM", async () => {
  await register.close({ drain: 5_000 });
  sockets.close();
});
