// One process of the chat among several: the same chat, joined to the others by a Redis. Knows neither how many there
// are nor what stands in front of them. Arguments: its name, the address of Redis.
import { createServer } from "node:http";
import { createClient } from "redis";
import { attach } from "zaptools/node";
import { redisBroker } from "zaptools/redis";
import { createChatRegister } from "../chat/chat-register.ts";

const DRAIN_MS = 250;

const [, , name = "process", url = "redis://localhost:6379"] = process.argv;
const broker = redisBroker({ client: createClient({ url }), node: name });
const register = createChatRegister(() => {}, { broker });
const server = createServer((_request, response) => response.writeHead(404).end());
const chat = attach(server, register, { path: "/ws" });

server.listen(0, "127.0.0.1", async () => {
  const address = server.address();
  // Whoever comes first is to see the people of the other processes, too.
  await register.connections.cluster.ready();
  if (typeof address === "object" && address !== null) process.send?.({ port: address.port });
});

async function stop(): Promise<void> {
  server.close();
  await chat.close({ drain: DRAIN_MS });
  await register.connections.cluster.leave();
  if (process.connected) process.disconnect();
}

process.once("message", stop);
// Whoever started this one is gone: so is the port in front.
process.once("disconnect", () => process.exit());
// A terminal sends its signal to all processes; the one that started them answers it.
process.on("SIGINT", () => {});
