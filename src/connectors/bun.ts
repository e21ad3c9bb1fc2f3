// Bun's own server: its requests and its sockets. Translates only.
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable } from "../core/register-base.ts";
import type { Limits } from "../protocol/limits.ts";
import {
  type BunSession,
  type BunSessionSocket,
  type BunSocketLimits,
  bunLimits,
  upgradeBun,
} from "./shared/bun-session.ts";
import type { BunServer } from "./shared/bun-transport.ts";
import { badAddress, notFound, pathOf } from "./shared/fetch-upgrade.ts";

export type { BunSession, BunSessionSocket, BunSocketLimits } from "./shared/bun-session.ts";
export type { BunServer, BunSocket } from "./shared/bun-transport.ts";

/** What answers a request in Bun; undefined once it has been upgraded. */
export type BunFetch = (
  request: Request,
  server: BunServer<BunSession>,
) => Response | undefined | Promise<Response | undefined>;

/** How a register is served. */
export interface BunFetchOptions {
  /** The path WebSockets are accepted at. Default: `"/ws"`. */
  readonly path?: string;
  /** Answers all other requests. Default: 404. */
  readonly otherwise?: BunFetch;
}

/** The `websocket` of `Bun.serve`, as {@link BunConnector.websocket} makes it. */
export interface BunWebSocketHandler extends BunSocketLimits {
  open(socket: BunSessionSocket): void;
  message(socket: BunSessionSocket, frame: string | Uint8Array): void;
  drain(socket: BunSessionSocket): void;
  ping(socket: BunSessionSocket): void;
  pong(socket: BunSessionSocket): void;
  close(socket: BunSessionSocket, code: number, reason: string): void;
}

/** Registers on `Bun.serve`. */
export const BunConnector = {
  /**
   * The `fetch` of `Bun.serve`: upgrades requests at one path, and leaves the others to `otherwise`. With another
   * connector's `fetch` there, one server has several registers.
   *
   * @example
   * Bun.serve({
   *   port: 8000,
   *   fetch: BunConnector.fetch(register, { path: "/ws" }),
   *   websocket: BunConnector.websocket(register),
   * });
   */
  fetch(register: Pluggable<AnyProcessor>, { path = "/ws", otherwise = notFound }: BunFetchOptions = {}): BunFetch {
    return (request, server) => {
      const asked = pathOf(request);
      if (asked === undefined) return badAddress();
      return asked === path ? upgradeBun(register, request, server) : otherwise(request, server);
    };
  },

  /**
   * Answers one request, for routers that have found out themselves which register it is for, such as Hono.
   *
   * @param server - The server, or an object that has it as `server`: what Hono calls `c.env`.
   * @returns The response. Once the request has been upgraded Bun sends none, whatever it says.
   *
   * @example
   * app.get("/ws", (c) => BunConnector.upgrade(register, c.req.raw, c.env));
   * Bun.serve({ fetch: app.fetch, websocket: BunConnector.websocket(register) });
   */
  async upgrade(
    register: Pluggable<AnyProcessor>,
    request: Request,
    server: BunServer<BunSession> | { readonly server: BunServer<BunSession> },
  ): Promise<Response> {
    const answer = await upgradeBun(register, request, "server" in server ? server.server : server);
    return answer ?? new Response(null);
  },

  /**
   * The `websocket` of `Bun.serve`. One serves all registers of the server; the limits are those of `register`.
   */
  websocket(register: { readonly limits: Limits }): BunWebSocketHandler {
    return {
      ...bunLimits(register.limits),
      open: (socket) => socket.data.open(socket),
      message: (socket, frame) => socket.data.message(socket, frame),
      drain: (socket) => socket.data.drain(socket),
      ping: (socket) => socket.data.ping(socket),
      pong: (socket) => socket.data.pong(socket),
      close: (socket, code, reason) => socket.data.close(socket, code, reason),
    };
  },
};
