// A register on a route of Fastify: npm run example -- fastify
import websocket from "@fastify/websocket";
import Fastify, { type FastifyRequest } from "fastify";
import { EventRegister } from "zaptools";
import { FastifyConnector } from "zaptools/fastify";

const register = new EventRegister(undefined, {
  authenticate: ({ source }) => ({ id: (source as FastifyRequest).ip }),
});
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const app = Fastify();
await app.register(websocket, FastifyConnector.options([register], { drain: 5_000 }));

app.get("/ws", { websocket: true, preValidation: FastifyConnector.admit(register) }, async (socket, request) => {
  const processor = FastifyConnector.plug(register, socket, request); // synchronous: the first frame cannot be lost
  await processor.startEventStream(); // resolves when the connection has ended
});

const port = Number(process.env.PORT ?? 8000);
await app.listen({ port, host: "localhost" });
console.log(`ws://localhost:${port}/ws`);

process.once("SIGTERM", () => app.close());
