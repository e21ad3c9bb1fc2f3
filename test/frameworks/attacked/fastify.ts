// Under attack: Fastify with its plugin for WebSockets.
import { createServer } from "node:http";
import websocket from "@fastify/websocket";
import Fastify from "fastify";
import { FastifyConnector } from "../../../src/connectors/fastify.ts";
import { createApplication } from "../../attacks/application.ts";
import { IN_TIME, readyOn } from "../../attacks/node-program.ts";

const app = Fastify({ serverFactory: (handler) => createServer(IN_TIME, handler) });
const register = createApplication([app.server]);
await app.register(websocket, FastifyConnector.options([register]));
app.get("/ws", { websocket: true, preValidation: FastifyConnector.admit(register) }, (socket, request) =>
  FastifyConnector.plug(register, socket, request).startEventStream(),
);
await app.listen({ port: 0, host: "127.0.0.1" });
await readyOn(app.server, register);
