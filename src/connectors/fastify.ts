// Fastify with @fastify/websocket: asks before the upgrade, plugs in its sockets, and drains with it. Translates only.
import { Rejected } from "../core/admission-verdict.ts";
import type { CloseOptions } from "../core/drain.ts";
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../core/register-base.ts";
import type { Limits } from "../protocol/limits.ts";
import { Admissions, admitUpgrade } from "./shared/node-admission.ts";
import { NodeRequest } from "./shared/node-request.ts";
import { type WsServerOptions, wsServerOptions } from "./shared/ws-options.ts";
import { plugWs } from "./shared/ws-plug.ts";
import type { UpgradeRequest, WsSocket } from "./shared/ws-types.ts";

export type { CloseOptions } from "../core/drain.ts";
export type { WsServerOptions } from "./shared/ws-options.ts";
export type { RawSocket, UpgradeRequest, WsSocket } from "./shared/ws-types.ts";

/** The part of Fastify's request that is used here. */
export interface FastifyRequest {
  readonly raw: UpgradeRequest;
  /** Whether it asks for an upgrade: set by @fastify/websocket. */
  readonly ws?: boolean;
}

/** The part of Fastify's reply that is used here. */
export interface FastifyReply {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(body: string): unknown;
}

/** Options of @fastify/websocket. */
export interface FastifyWebsocketOptions {
  readonly options: Omit<WsServerOptions, "noServer">;
  /** By itself the plugin cuts a socket whose peer breaks the protocol, before it has been told why. */
  errorHandler(): void;
  /** By itself the plugin closes all sockets at once and without a code. */
  preClose(): Promise<void>;
}

/** A register that can go out of service. */
export interface ClosableRegister {
  readonly limits: Limits;
  close(options?: CloseOptions): Promise<void>;
}

const admissions = new Admissions();

/** Registers under Fastify. */
export const FastifyConnector = {
  /**
   * What @fastify/websocket is registered with: the limits of the first register hold for all sockets, and
   * `app.close()` closes all connections of all of them with 1012, over `drain` milliseconds.
   *
   * @example
   * await app.register(websocket, FastifyConnector.options([register], { drain: 5_000 }));
   */
  options(
    registers: readonly [ClosableRegister, ...ClosableRegister[]],
    closing: CloseOptions = {},
  ): FastifyWebsocketOptions {
    const { noServer: _, ...options } = wsServerOptions(registers[0].limits);
    return {
      options,
      // The connection has a listener of its own for errors, and a close follows.
      errorHandler() {},
      async preClose() {
        await Promise.all(registers.map((register) => register.close(closing)));
      },
    };
  },

  /**
   * A hook that asks the register before the upgrade, and refuses with its response. Without it a peer that may not
   * connect is accepted first and closed then. `authenticate` gets Fastify's request as `source`.
   *
   * @example
   * app.get("/ws", { websocket: true, preValidation: FastifyConnector.admit(register) }, handler);
   */
  admit(register: Pluggable<AnyProcessor>): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
    return async (request, reply) => {
      if (request.ws !== true) return undefined;
      const admission = await admitUpgrade(register, request.raw, request);
      if (!(admission instanceof Rejected)) return admissions.keep(request.raw, admission, request.raw.socket);
      reply.code(admission.status);
      for (const [name, value] of admission.headers) reply.header(name, value);
      return reply.send(admission.body);
    };
  },

  /**
   * Plugs one socket into a register. Synchronous: call it before anything is awaited, and no frame is lost.
   *
   * @returns The processor; events run once its `startEventStream()` has been called.
   * @throws {ZapError} `already_plugged`; `duplicate_id`.
   *
   * @example
   * app.get("/ws", { websocket: true }, async (socket, request) => {
   *   const processor = FastifyConnector.plug(register, socket, request);
   *   await processor.startEventStream();
   * });
   */
  plug<P extends AnyProcessor>(
    register: Pluggable<P>,
    socket: WsSocket,
    request: FastifyRequest,
    options?: PlugOptions,
  ): P {
    const { raw } = request;
    const asking = admissions.take(raw) ?? new NodeRequest(raw, request);
    return plugWs(register, socket, raw.socket, asking, options);
  },
};
