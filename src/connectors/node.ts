// Node's HTTP servers and `ws` sockets: serve, attach, plug. Translates only.
import { createServer } from "node:http";
import type { CloseOptions } from "../core/drain.ts";
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../core/register-base.ts";
import { NodeRequest } from "./shared/node-request.ts";
import { type Attachment, type AttachOptions, attachTo, type UpgradeServer } from "./shared/upgrade.ts";
import { plugWs } from "./shared/ws-plug.ts";
import type { UpgradeRequest, WsSocket } from "./shared/ws-types.ts";

export type { CloseOptions } from "../core/drain.ts";
export { type Closable, type DrainOnSignalsOptions, drainOnSignals, type EndingSignal } from "./shared/signals.ts";
export type { Attachment, AttachOptions, UpgradeServer } from "./shared/upgrade.ts";
export type { RawSocket, UpgradeRequest, WsSocket } from "./shared/ws-types.ts";

/** How a server of our own is started. */
export interface ServeOptions extends AttachOptions {
  /** The port; 0 takes a free one. Default: 8000. */
  readonly port?: number;
  /** The address to listen at. Default: all of them. */
  readonly host?: string;
}

/** A server that is listening. */
export interface ZapServer {
  /** Where clients connect to, such as `ws://localhost:8000/ws`. */
  readonly url: string;
  /** The port it listens at. */
  readonly port: number;
  /**
   * Stops accepting, closes all connections with 1012, lets their handlers finish, and lets the process exit. Resolves
   * when all of it is done; may be called again.
   */
  close(options?: CloseOptions): Promise<void>;
}

// What a request may take to arrive, checked once a second. Node's own 60 seconds and more are meant for uploads; an
// upgrade has nothing to send, and a peer that draws it out only holds a socket.
const IN_TIME = { headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };

/**
 * Starts an HTTP server that accepts WebSockets for `register` at one path, and nothing else. A request that has not
 * arrived within 10 seconds is cut.
 *
 * @returns Resolves when it listens; rejects with the error of the port when it cannot.
 *
 * @example
 * const server = await serve(register, { port: 8000 });
 * console.log(server.url);   // ws://localhost:8000/ws
 */
export async function serve<P extends AnyProcessor>(
  register: Pluggable<P>,
  { port = 8000, host, ...options }: ServeOptions = {},
): Promise<ZapServer> {
  const server = createServer(IN_TIME, (_request, response) => {
    response.writeHead(426, { Connection: "Upgrade", Upgrade: "websocket", "Content-Type": "text/plain" });
    response.end(`This server speaks WebSocket at ${attachment.path}.\n`);
  });
  const attachment = attachTo(server, register, options);
  await new Promise<void>((resolve, reject) => {
    // Stays: once the server listens, an error is of a single connection that could not be accepted.
    server.on("error", reject);
    server.listen({ port, host }, resolve);
  });
  const address = server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  let closing: Promise<void> | undefined;
  return {
    port: actual,
    url: `ws://${urlHost(host)}:${actual}${attachment.path}`,
    close(closeOptions) {
      closing ??= closeServer(server, attachment, closeOptions);
      return closing;
    },
  };
}

/**
 * Accepts WebSockets for `register` at one path of an HTTP or HTTPS server that you made. Upgrades to other paths are
 * left alone.
 *
 * @throws {ZapError} `upgrade_in_use` when the path has a register already.
 *
 * @example
 * const server = http.createServer(app);
 * attach(server, register, { path: "/ws" });
 * server.listen(3000);
 */
export function attach<P extends AnyProcessor>(
  server: UpgradeServer,
  register: Pluggable<P>,
  options: AttachOptions = {},
): Attachment {
  return attachTo(server, register, options);
}

/** Plugs in sockets of `ws` that somebody else accepted. */
export const NodeConnector = {
  /**
   * Plugs one socket into a register. Synchronous: call it before anything is awaited, and no frame is lost.
   *
   * @returns The processor; events run once its `startEventStream()` has been called.
   * @throws {ZapError} `already_plugged`; `duplicate_id`.
   *
   * @example
   * wss.on("connection", async (socket, request) => {
   *   const processor = NodeConnector.plug(register, socket, request);
   *   await processor.startEventStream();
   * });
   */
  plug<P extends AnyProcessor>(
    register: Pluggable<P>,
    socket: WsSocket,
    request: UpgradeRequest,
    options?: PlugOptions,
  ): P {
    return plugWs(register, socket, request.socket, new NodeRequest(request), options);
  },
};

async function closeServer(
  server: ReturnType<typeof createServer>,
  attachment: Attachment,
  options: CloseOptions | undefined,
): Promise<void> {
  // Listening meanwhile, so that whoever comes is told to come later, with 503.
  await attachment.close(options);
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

function urlHost(host: string | undefined): string {
  if (host === undefined || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
