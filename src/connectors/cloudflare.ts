// Cloudflare's Workers and Durable Objects: their requests and their sockets. Translates only.
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable } from "../core/register-base.ts";
import { PING_TEXT, PONG_TEXT } from "../protocol/control.ts";
import { type DurableRegister, DurableSockets } from "./shared/durable-sockets.ts";
import type { DurableContext, DurableSocket } from "./shared/durable-types.ts";
import { badAddress, notFound, pathOf } from "./shared/fetch-upgrade.ts";
import { plugWhatwg } from "./shared/whatwg-plug.ts";
import { WorkerTransport } from "./shared/worker-transport.ts";
import { upgradeWorker } from "./shared/worker-upgrade.ts";

export type { DurableProcessor, DurableRegister } from "./shared/durable-sockets.ts";
export type { DurableContext, DurableSocket } from "./shared/durable-types.ts";

/** The `fetch` of a Worker. */
export type WorkerFetch<Env = unknown, Context = unknown> = (
  request: Request,
  env: Env,
  context: Context,
) => Response | Promise<Response>;

/** How a register is served. */
export interface WorkerFetchOptions<Env, Context> {
  /** The path WebSockets are accepted at. Default: `"/ws"`. */
  readonly path?: string;
  /** Answers all other requests. Default: 404. */
  readonly otherwise?: WorkerFetch<Env, Context>;
}

/** What the runtime calls a Durable Object with, and {@link DurableHandlers.keep}. */
export interface DurableHandlers {
  /** Upgrades a request, whatever its path, or refuses it. */
  fetch(request: Request): Response | Promise<Response>;
  webSocketMessage(socket: DurableSocket, frame: unknown): void;
  webSocketClose(socket: DurableSocket, code: number, reason: string): void;
  webSocketError(socket: DurableSocket): void;
  /** Keeps what all connections carry, as after their events: for changes made elsewhere, such as in an alarm. */
  keep(): void;
}

/** A Durable Object that has a register of its own. */
export interface ZapObject<R extends DurableRegister> extends DurableHandlers {
  readonly register: R;
}

declare const WebSocketRequestResponsePair: new (request: string, response: string) => object;

/** Registers on Cloudflare. */
export const CloudflareConnector = {
  /**
   * The `fetch` of a Worker: upgrades requests at one path, and leaves the others to `otherwise`. A Worker lets nobody
   * touch a socket but the events of its own connection: what is sent to a room reaches the sender only. For rooms there
   * are Durable Objects: see {@link ZapDurableObject}.
   *
   * @example
   * export default { fetch: CloudflareConnector.fetch(register, { path: "/ws" }) };
   */
  fetch<Env = unknown, Context = unknown>(
    register: Pluggable<AnyProcessor>,
    { path = "/ws", otherwise = notFound }: WorkerFetchOptions<Env, Context> = {},
  ): WorkerFetch<Env, Context> {
    return (request, env, context) => {
      const asked = pathOf(request);
      if (asked === undefined) return badAddress();
      return asked === path ? CloudflareConnector.upgrade(register, request) : otherwise(request, env, context);
    };
  },

  /** Answers one request, for routers that have found out themselves which register it is for, such as Hono. */
  upgrade(register: Pluggable<AnyProcessor>, request: Request): Response | Promise<Response> {
    return upgradeWorker(register, request, (socket, admitted) => {
      socket.accept();
      plugWhatwg(register, socket, admitted, undefined, new WorkerTransport(socket)).start();
    });
  },

  /**
   * Plugs the WebSockets of a Durable Object into a register, for classes of your own. The object may sleep between
   * events; connections that were there before go on where they were.
   *
   * @param register - Made for this object: objects of one class run side by side, and cannot touch each other's sockets.
   *
   * @example
   * export class Room extends DurableObject {
   *   #zap = CloudflareConnector.durable(createRegister(), this.ctx);
   *   fetch(request) { return this.#zap.fetch(request); }
   *   webSocketMessage(socket, frame) { this.#zap.webSocketMessage(socket, frame); }
   *   webSocketClose(socket, code, reason) { this.#zap.webSocketClose(socket, code, reason); }
   *   webSocketError(socket) { this.#zap.webSocketError(socket); }
   * }
   */
  durable(register: DurableRegister, context: DurableContext): DurableHandlers {
    context.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT));
    const sockets = new DurableSockets(register, context);
    return {
      fetch: (request) =>
        upgradeWorker(register, request, (socket, admitted) => {
          context.acceptWebSocket(socket);
          sockets.accept(socket, admitted);
        }),
      webSocketMessage: (socket, frame) => sockets.message(socket, frame),
      webSocketClose: (socket, code, reason) => sockets.closed(socket, code, reason),
      webSocketError: (socket) => sockets.closed(socket, 1006, ""),
      keep: () => sockets.keep(),
    };
  },
};

/**
 * A class of Durable Objects that have registers of their own.
 *
 * @param create - Makes the register of an object, each time it wakes.
 *
 * @example
 * export class Room extends ZapDurableObject(() => createRegister()) {}
 */
export function ZapDurableObject<R extends DurableRegister, Env = unknown>(
  create: (context: DurableContext, env: Env) => R,
): new (
  context: DurableContext,
  env: Env,
) => ZapObject<R> {
  return class implements ZapObject<R> {
    readonly register: R;
    readonly #handlers: DurableHandlers;

    constructor(context: DurableContext, env: Env) {
      this.register = create(context, env);
      this.#handlers = CloudflareConnector.durable(this.register, context);
    }

    fetch(request: Request) {
      return this.#handlers.fetch(request);
    }
    webSocketMessage(socket: DurableSocket, frame: unknown) {
      this.#handlers.webSocketMessage(socket, frame);
    }
    webSocketClose(socket: DurableSocket, code: number, reason: string) {
      this.#handlers.webSocketClose(socket, code, reason);
    }
    webSocketError(socket: DurableSocket) {
      this.#handlers.webSocketError(socket);
    }
    keep() {
      this.#handlers.keep();
    }
  };
}
