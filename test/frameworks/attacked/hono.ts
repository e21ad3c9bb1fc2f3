// Under attack: Hono on Node.
import { createServer, type Server } from "node:http";
import { serve, upgradeWebSocket } from "@hono/node-server";
import { Hono } from "hono";
import { WebSocketServer } from "ws";
import { HonoConnector } from "../../../src/connectors/hono.ts";
import { createApplication } from "../../attacks/application.ts";
import { IN_TIME, readyOn } from "../../attacks/node-program.ts";

const register = createApplication();
const app = new Hono();
app.get(
  "/ws",
  HonoConnector.admit(register),
  upgradeWebSocket((context) => HonoConnector.events(register, context)),
);
const websocket = { server: new WebSocketServer(HonoConnector.serverOptions(register)) };
const options = { fetch: app.fetch, websocket, port: 0, hostname: "127.0.0.1", createServer, serverOptions: IN_TIME };
await readyOn(serve(options) as Server, register);
