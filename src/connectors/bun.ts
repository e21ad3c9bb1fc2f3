// Bun's own server: upgrades requests and plugs its sockets. Translates only.

import { type Admission, Rejected } from "../core/admission-verdict.ts";
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable } from "../core/register-base.ts";
import type { Limits } from "../protocol/limits.ts";
import { type BunServer, type BunSocket, BunTransport } from "./shared/bun-transport.ts";
import { admissionRequestOf, protocolHeader, refusalOf } from "./shared/fetch-upgrade.ts";

export type { BunServer, BunSocket } from "./shared/bun-transport.ts";

/** What a socket carries from its upgrade on. */
export interface BunSocketData {
  /** Plugs the socket in. */
  readonly plug: (socket: BunSocket<BunSocketData>) => AnyProcessor;
  /** The processor, once it is open. */
  processor: AnyProcessor | undefined;
}

/** What answers a request in Bun; undefined once it has been upgraded. */
export type BunFetch = (
  request: Request,
  server: BunServer<BunSocketData>,
) => Response | undefined | Promise<Response | undefined>;

/** How a register is served. */
export interface BunFetchOptions {
  /** The path WebSockets are accepted at. Default: `"/ws"`. */
  readonly path?: string;
  /** Answers all other requests. Default: 404. */
  readonly otherwise?: BunFetch;
}

/** The `websocket` of `Bun.serve`, as {@link BunConnector.websocket} makes it. */
export interface BunWebSocketHandler {
  readonly perMessageDeflate: false;
  readonly maxPayloadLength: number;
  readonly backpressureLimit: number;
  readonly idleTimeout: number;
  readonly sendPings: boolean;
  open(socket: BunSocket<BunSocketData>): void;
  message(socket: BunSocket<BunSocketData>, frame: string | Uint8Array): void;
  drain(socket: BunSocket<BunSocketData>): void;
  ping(socket: BunSocket<BunSocketData>): void;
  pong(socket: BunSocket<BunSocketData>): void;
  close(socket: BunSocket<BunSocketData>, code: number, reason: string): void;
}

// What Bun takes for "no limit of its own".
const LARGEST_LIMIT = 0xffff_ffff;

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
      if (new URL(request.url).pathname !== path) return otherwise(request, server);
      const settle = (admission: Admission) => {
        if (admission instanceof Rejected) return refusalOf(admission);
        const plug = (socket: BunSocket<BunSocketData>) => register.plug(new BunTransport(socket, server), admission);
        const headers = protocolHeader(admission);
        if (server.upgrade(request, { data: { plug, processor: undefined }, headers })) return undefined;
        admission.abandon();
        return new Response("This is a WebSocket.", { status: 426 });
      };
      const admission = register.admit(admissionRequestOf(request, server.requestIP(request)?.address));
      return admission instanceof Promise ? admission.then(settle) : settle(admission);
    };
  },

  /**
   * The `websocket` of `Bun.serve`. One serves all registers of the server; the limits are those of `register`.
   */
  websocket(register: { readonly limits: Limits }): BunWebSocketHandler {
    const { envelopeBytes, bufferedBytes } = register.limits;
    return {
      perMessageDeflate: false,
      maxPayloadLength: Math.min(envelopeBytes, LARGEST_LIMIT),
      // Beyond our own limit, so that ours decides and none of Bun's drops a frame before.
      backpressureLimit: Math.min(bufferedBytes * 2 + envelopeBytes, LARGEST_LIMIT),
      // Silent peers are noticed by the register's own heartbeat.
      idleTimeout: 0,
      sendPings: false,
      open(socket) {
        socket.data.processor = socket.data.plug(socket);
        socket.data.processor.start();
      },
      message(socket, frame) {
        if (typeof frame === "string") socket.data.processor?.receive(frame);
        else socket.data.processor?.receiveBinary();
      },
      drain(socket) {
        socket.data.processor?.drained();
      },
      ping(socket) {
        socket.data.processor?.heard("ping");
      },
      pong(socket) {
        socket.data.processor?.heard("pong");
      },
      close(socket, code, reason) {
        socket.data.processor?.closed(code, reason);
      },
    };
  },
};

function notFound(): Response {
  return new Response("There is nothing at this path.", { status: 404 });
}
