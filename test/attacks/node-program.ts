// What a server under attack does besides serving, where it has an HTTP server of Node's. Knows no connector.
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ready } from "./program.ts";

/** How long a request may take to arrive is for the one to say who makes the server: here a short time. */
export const IN_TIME = { headersTimeout: 3_000, requestTimeout: 3_000, connectionsCheckingInterval: 500 };

/** Listens on a free port, unless the server does already. At the end connections are closed first. */
export async function readyOn(server: Server, closable: { close(): Promise<unknown> }): Promise<void> {
  if (!server.listening) await once(server.listen(0, "127.0.0.1"), "listening");
  ready((server.address() as AddressInfo).port, async () => {
    await closable.close();
    server.close();
    server.closeAllConnections();
  });
}
