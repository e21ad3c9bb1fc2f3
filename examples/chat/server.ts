// Starts the chat: the page and its WebSocket on one port. Knows neither what is said nor what the page looks like.
import { createServer } from "node:http";
import { attach } from "zaptools/node";
import { createChatRegister } from "./chat-register.ts";
import { pageFiles } from "./page-files.ts";

// Over this many milliseconds the peers are sent away, so that they do not all come back at once.
const DRAIN_MS = 250;

const port = Number(process.env.PORT || 3000);
const server = createServer(pageFiles(new URL("page/", import.meta.url)));
const chat = attach(server, createChatRegister(console.log), { path: "/ws" });

server.on("error", (error: NodeJS.ErrnoException) => {
  console.error(error.code === "EADDRINUSE" ? `Port ${port} is in use: set PORT to another one.` : error.message);
  process.exitCode = 1;
});
server.listen(port, () => {
  const address = server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  console.log(`The chat is at http://localhost:${actual} (its WebSocket is at ws://localhost:${actual}/ws).`);
});

async function stop(): Promise<void> {
  server.close();
  server.closeIdleConnections();
  await chat.close({ drain: DRAIN_MS });
}
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
