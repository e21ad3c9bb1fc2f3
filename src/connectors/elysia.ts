// Elysia on Bun: routes that upgrade. Translates only.
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable } from "../core/register-base.ts";
import type { Limits } from "../protocol/limits.ts";
import { type BunSession, type BunSocketLimits, bunLimits, upgradeBun } from "./shared/bun-session.ts";
import type { BunServer } from "./shared/bun-transport.ts";

export type { BunSession, BunSocketLimits } from "./shared/bun-session.ts";
export type { BunServer } from "./shared/bun-transport.ts";

/** The part of Elysia's context that is used here. */
export interface ElysiaContext {
  readonly request: Request;
  readonly server: unknown;
}

/** The options of a `ws` route. */
export interface ElysiaRoute {
  /** Upgrades the request, or refuses it; Elysia does nothing after it. */
  readonly beforeHandle: [(context: ElysiaContext) => Promise<Response>];
}

/** Registers on Elysia. */
export const ElysiaConnector = {
  /**
   * The options of a `ws` route. Elysia parses the frames of its own sockets before anybody sees them, which no size,
   * depth or doubled key would survive to be noticed; so the request is upgraded here, and the frames come as they are.
   *
   * @example
   * new Elysia({ websocket: ElysiaConnector.websocket(register) })
   *   .ws("/ws", ElysiaConnector.ws(register))
   *   .listen(8000);
   */
  ws(register: Pluggable<AnyProcessor>): ElysiaRoute {
    return {
      // In a list: a function that stands alone is called twice by Elysia 1.4.
      beforeHandle: [
        async ({ request, server }) => {
          // Elysia runs on Bun's server and gives the one it has been started with.
          const answer = await upgradeBun(register, request, server as BunServer<BunSession>);
          return answer ?? new Response(null);
        },
      ],
    };
  },

  /**
   * The `websocket` of the application's configuration: leaves to the register what it looks after. One serves all
   * registers of the application; the limits are those of `register`.
   */
  websocket(register: { readonly limits: Limits }): BunSocketLimits {
    return bunLimits(register.limits);
  },
};
