// Under attack: a server of `ws` that was set up to compress, which ours never are.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { NodeConnector } from "../../../src/connectors/node.ts";
import { createApplication } from "../application.ts";
import { ready } from "../program.ts";

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: true, maxPayload: 65_536, maxFragments: 64 });
const register = createApplication([server, sockets]);
sockets.on("connection", async (socket, request) => {
  await NodeConnector.plug(register, socket, request).startEventStream();
});
server.listen(0);
await once(server, "listening");
ready((server.address() as AddressInfo).port, async () => {
  await register.close();
  server.close();
  server.closeAllConnections();
});
