// A register at one path of an HTTP server: npm run example -- node
import { createServer } from "node:http";
import { EventRegister } from "zaptools";
import { attach } from "zaptools/node";

const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const server = createServer((_request, response) => response.end("a page"));
const attachment = attach(server, register, { path: "/ws" });

const port = Number(process.env.PORT ?? 8000);
server.listen(port, () => console.log(`ws://localhost:${port}/ws`));

process.once("SIGTERM", async () => {
  await attachment.close({ drain: 5_000 });
  server.close();
});
