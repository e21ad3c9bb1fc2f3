// Under attack: a server of `ws` that was set up to compress, which ours never are.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { NodeConnector } from "../../../src/connectors/node.ts";
import { createApplication } from "../application.ts";
import { IN_TIME, readyOn } from "../node-program.ts";

const server = createServer(IN_TIME);
const sockets = new WebSocketServer({ server, perMessageDeflate: true, maxPayload: 65_536, maxFragments: 64 });
const register = createApplication([server, sockets]);
sockets.on("connection", async (socket, request) => {
  await NodeConnector.plug(register, socket, request).startEventStream();
});
await readyOn(server, register);
