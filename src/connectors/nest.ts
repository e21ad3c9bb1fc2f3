// NestJS: sockets of its gateways, and an adapter that has gateways speak envelopes. Translates only.
import { createServer } from "node:http";
import type { CloseOptions } from "../core/drain.ts";
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../core/register-base.ts";
import { CloseCode } from "../protocol/close-codes.ts";
import { invalidArgument } from "../protocol/errors.ts";
import { NestClient, type NestEvent, type NestHandler, type NestTransform } from "./shared/nest-client.ts";
import { NodeRequest } from "./shared/node-request.ts";
import { type Attachment, attachTo, type UpgradeServer } from "./shared/upgrade.ts";
import { plugWs } from "./shared/ws-plug.ts";
import type { UpgradeRequest, WsSocket } from "./shared/ws-types.ts";

export type { CloseOptions } from "../core/drain.ts";
export type { NestHandler, NestStream, NestTransform } from "./shared/nest-client.ts";
export type { RawSocket, UpgradeRequest, WsSocket } from "./shared/ws-types.ts";

/** The part of a Nest application that is used here. */
export interface NestApp {
  getHttpServer(): unknown;
}

/** The part of a register that an adapter uses; any `EventRegister` has it. */
export interface NestRegister extends Pluggable<AnyProcessor> {
  readonly connections: object;
  onEvent(eventName: never, handler: never): unknown;
}

/** What `@WebSocketGateway` says of a gateway, besides its port. */
export interface NestGatewayOptions {
  /** Default: `"/ws"`. */
  readonly path?: string;
  /** The register of this path. Default: the adapter's own, which serves one path. */
  readonly register?: NestRegister;
}

/** One path with its register, and the gateways behind it. */
interface GatewayServer {
  readonly attachment: Attachment;
  readonly onConnect: ((client: object, handshake: unknown) => void)[];
  readonly onEvent: (eventName: string, handler: (context: never) => unknown) => unknown;
  readonly handled: Set<unknown>;
  readonly stop: () => void;
}

type Connected = { readonly connection: Client; readonly payload: unknown };
type Client = ConstructorParameters<typeof NestClient>[0] & { close(code: number, reason: string): Promise<void> };

/**
 * Has `@SubscribeMessage` handlers, with their guards, pipes, interceptors and filters, take part in a register: clients
 * are its connections, who may connect is asked before the upgrade, and `@WebSocketServer()` is `register.connections`.
 *
 * @example
 * app.useWebSocketAdapter(new ZapWsAdapter(app, new EventRegister(undefined, { authenticate })));
 */
export class ZapWsAdapter {
  readonly #app: NestApp;
  readonly #register: NestRegister;
  readonly #closing: CloseOptions;
  readonly #servers = new Map<object, GatewayServer>();
  readonly #clients = new WeakMap<object, NestClient>();

  /** @param closing - Over how many milliseconds connections are closed when the application is. */
  constructor(app: NestApp, register: NestRegister, closing: CloseOptions = {}) {
    this.#app = app;
    this.#register = register;
    this.#closing = closing;
  }

  /** Opens a path for gateways: on the application's own server, or on one of its own for a port that is not 0. */
  create(port: number, { path = "/ws", register = this.#register }: NestGatewayOptions = {}): object {
    const { connections } = register;
    if (this.#servers.has(connections)) throw invalidArgument(`The path "${path}" needs a register of its own.`);
    const own = port === 0 ? undefined : createServer((_request, response) => response.writeHead(426).end());
    const http = own ?? (this.#app.getHttpServer() as UpgradeServer);
    const attachment = attachTo(http, register, { path: path.startsWith("/") ? path : `/${path}` });
    const onEvent = register.onEvent.bind(register) as GatewayServer["onEvent"];
    const server = { attachment, onConnect: [], onEvent, handled: new Set(), stop: () => void own?.close() };
    this.#servers.set(connections, server);
    onEvent("connected", ({ connection, payload }: Connected) => this.#connect(server, connection, payload));
    onEvent("disconnected", ({ connection, payload }: Connected) => this.#clients.get(connection)?.end(payload));
    own?.listen(port);
    return connections;
  }

  /** Nest wants to hear of every connection of a server. */
  bindClientConnect(server: object, callback: (client: object, handshake: unknown) => void): void {
    this.#servers.get(server)?.onConnect.push(callback);
  }

  /** Nest wants to hear how a connection ended: `{ code, reason }`. */
  bindClientDisconnect(client: object, callback: (closed: unknown) => void): void {
    this.#clients.get(client)?.onEnd.push(callback);
  }

  /** Binds the handlers of one gateway to one connection. */
  bindMessageHandlers(client: object, handlers: readonly NestHandler[], transform: NestTransform): void {
    this.#clients.get(client)?.bind(handlers, transform);
  }

  /** Sends away who came while the application was still starting. */
  closeClient(client: Client): Promise<void> {
    return client.close(CloseCode.overloaded, "starting");
  }

  /** Closes a path: with 1012, once handlers have finished. */
  async close(server: object): Promise<void> {
    const { attachment, stop } = this.#servers.get(server) ?? {};
    await attachment?.close(this.#closing);
    stop?.();
    this.#servers.delete(server);
  }

  /** Nest calls it last. Nothing is left then: every path has been closed. */
  async dispose(): Promise<void> {}

  #connect(server: GatewayServer, connection: Client, handshake: unknown): void {
    const client = new NestClient(connection);
    this.#clients.set(connection, client);
    for (const callback of server.onConnect) callback(connection, handshake);
    for (const name of client.names()) {
      if (server.handled.has(name)) continue;
      server.handled.add(name);
      server.onEvent(name, (context: NestEvent & Connected) => this.#clients.get(context.connection)?.handle(context));
    }
  }
}

/** Plugs in the sockets of gateways under Nest's own `WsAdapter`. */
export const NestConnector = {
  /**
   * Plugs one socket into a register. Synchronous: call it in `handleConnection`, before anything is awaited.
   *
   * @returns The processor; events run once its `startEventStream()` has been called.
   * @throws {ZapError} `already_plugged`; `duplicate_id`.
   *
   * @example
   * handleConnection(socket: WebSocket, request: IncomingMessage) {
   *   NestConnector.plug(register, socket, request).startEventStream();
   * }
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
