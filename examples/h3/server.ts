// A register on a route of h3: npm run example -- h3
import type { Server } from "node:http";
import { plugin as ws } from "crossws/server";
import { defineWebSocketHandler, H3, serve } from "h3";
import { EventRegister } from "zaptools";
import { H3Connector } from "zaptools/h3";

const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const app = new H3();
app.get("/", () => "a page");
app.get("/ws", defineWebSocketHandler(H3Connector.hooks(register)));

const port = Number(process.env.PORT ?? 8000);
const options = { node: { serverOptions: H3Connector.serverOptions(register) } };
const server = serve(app, { port, silent: true, gracefulShutdown: false, plugins: [ws({ options })] });
await server.ready();
// crossws answers upgrades to other paths on sockets without a listener: a peer that resets one would end the process.
(server.node?.server as Server).prependListener("upgrade", (_request, socket) => socket.on("error", () => {}));
console.log(`ws://localhost:${port}/ws`);

process.once("SIGTERM", async () => {
  await register.close({ drain: 5_000 });
  await server.close();
});
