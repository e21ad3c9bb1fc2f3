// Under attack: a register attached to an HTTP server that somebody else made.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attach } from "../../../src/connectors/node.ts";
import { createApplication } from "../application.ts";
import { ready } from "../program.ts";

// How long a request may take to arrive is for the one to say who makes the server.
const server = createServer({ headersTimeout: 3_000, requestTimeout: 3_000, connectionsCheckingInterval: 500 });
server.on("request", (_request, response) => response.end("the application"));
const attachment = attach(server, createApplication([server]));
server.listen(0);
await once(server, "listening");
ready((server.address() as AddressInfo).port, async () => {
  await attachment.close();
  server.close();
  server.closeAllConnections();
});
