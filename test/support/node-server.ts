// Servers, sockets and registers for end-to-end tests, which are gone again after each test. Knows no events.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { WebSocket } from "ws";
import { type ServeOptions, serve, type ZapServer } from "../../src/connectors/node.ts";
import type { DefaultState } from "../../src/core/context.ts";
import { EventRegister, type RegisterOptions } from "../../src/index.ts";
import type { Untyped } from "../../src/protocol/contract-types.ts";
import { Gate } from "./gate.ts";
import { MemoryLog } from "./memory-log.ts";
import { cutAll } from "./raw-peer.ts";

/** What to do after the test, last first. */
export const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  cutAll();
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** A register that logs to memory. */
export function newRegister(options: RegisterOptions<Untyped, DefaultState> = {}) {
  return new EventRegister(undefined, { logger: new MemoryLog(), ...options });
}

/** A server of our own for `register`, on a free port. */
export async function served(register: EventRegister, options: ServeOptions = {}): Promise<ZapServer> {
  const server = await serve(register, { port: 0, ...options });
  cleanUp.push(() => server.close());
  return server;
}

/** An HTTP server that listens, and its port. */
export async function httpServer(): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.end("the application"));
  server.listen(0);
  await once(server, "listening");
  cleanUp.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** A client of `ws` that is open. */
export async function opened(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  cleanUp.push(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

/** Tells how the next connection of a register ends. */
export function lifecycleOf(register: EventRegister): { ended: () => Promise<unknown> } {
  let last = new Gate<unknown>();
  register.onEvent("disconnected", ({ payload }) => {
    last.open(payload);
    last = new Gate();
  });
  return { ended: () => last.passed };
}

/** Resolves when `condition` holds, which is looked at once in every turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
