// Under attack: h3 with crossws on Node.
import type { Server } from "node:http";
import { plugin as ws } from "crossws/server";
import { defineWebSocketHandler, H3, serve } from "h3";
import { H3Connector } from "../../../src/connectors/h3.ts";
import { createApplication } from "../../attacks/application.ts";
import { IN_TIME, readyOn } from "../../attacks/node-program.ts";

const register = createApplication();
const app = new H3();
app.get("/ws", defineWebSocketHandler(H3Connector.hooks(register)));
const options = { node: { serverOptions: H3Connector.serverOptions(register) } };
const server = serve(app, { port: 0, hostname: "127.0.0.1", silent: true, node: IN_TIME, plugins: [ws({ options })] });
await server.ready();
const node = server.node?.server as Server;
// crossws answers upgrades to other paths on a socket without a listener: a reset would end the process.
node.prependListener("upgrade", (_request, socket) => socket.on("error", () => {}));
await readyOn(node, register);
