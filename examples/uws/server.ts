// A register on uWebSockets.js: npm run example -- uws
import { App, us_listen_socket_close } from "uWebSockets.js";
import { EventRegister } from "zaptools";
import { UwsConnector } from "zaptools/uws";

const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const port = Number(process.env.PORT ?? 8000);
const app = App();
app.ws("/ws", UwsConnector.behavior(register, app)); // with the app, a broadcast is one call of uWebSockets.js
app.get("/*", (response) => void response.end("a page"));
app.listen(port, (socket) => {
  if (socket === false) throw new Error(`Port ${port} is taken.`);
  console.log(`ws://localhost:${port}/ws`);
  process.once("SIGTERM", async () => {
    await register.close({ drain: 5_000 });
    us_listen_socket_close(socket);
  });
});
