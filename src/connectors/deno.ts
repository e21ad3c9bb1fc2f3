// Deno's own server: its requests and its sockets. Translates only.
import { type Admission, type Admitted, Rejected } from "../core/admission-verdict.ts";
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../core/register-base.ts";
import type { Handshake } from "../core/transport.ts";
import {
  admissionRequestOf,
  badAddress,
  handshakeOf,
  isHandshake,
  isUpgrade,
  notFound,
  pathOf,
  refusalOf,
  selectProtocol,
  upgradeNeeded,
} from "./shared/fetch-upgrade.ts";
import { plugWhatwg } from "./shared/whatwg-plug.ts";
import type { WhatwgSocket } from "./shared/whatwg-types.ts";

export type { WhatwgEvent, WhatwgSocket } from "./shared/whatwg-types.ts";

/** The part of what Deno tells of a request that is used here; a Unix socket has no address. */
export interface DenoRequestInfo {
  readonly remoteAddr: { readonly hostname?: string };
}

/** What answers a request in Deno. */
export type DenoHandler = (request: Request, info: DenoRequestInfo) => Response | Promise<Response>;

/** How a register is served. */
export interface DenoHandlerOptions {
  /** The path WebSockets are accepted at. Default: `"/ws"`. */
  readonly path?: string;
  /** Answers all other requests. Default: 404. */
  readonly otherwise?: DenoHandler;
}

// Deno opens a socket as soon as it has written the response, which waits for nobody.
const LOST_AFTER_MS = 3_000;

declare const Deno: {
  upgradeWebSocket(
    request: Request,
    options: { readonly idleTimeout: number },
  ): { readonly socket: WhatwgSocket; readonly response: Response };
};

/** Registers on `Deno.serve`. */
export const DenoConnector = {
  /**
   * The handler of `Deno.serve`: upgrades requests at one path, and leaves the others to `otherwise`. With another
   * connector's handler there, one server has several registers.
   *
   * @example
   * Deno.serve({ port: 8000 }, DenoConnector.handler(register, { path: "/ws" }));
   */
  handler(
    register: Pluggable<AnyProcessor>,
    { path = "/ws", otherwise = notFound }: DenoHandlerOptions = {},
  ): DenoHandler {
    return (request, info) => {
      const asked = pathOf(request);
      if (asked === undefined) return badAddress();
      return asked === path ? DenoConnector.upgrade(register, request, info) : otherwise(request, info);
    };
  },

  /**
   * Answers one request, for routers that have found out themselves which register it is for, such as Hono.
   *
   * @param info - What `Deno.serve` tells beside the request: what Hono calls `c.env`.
   * @returns The response, which upgrades the request or refuses it.
   *
   * @example
   * app.get("/ws", (c) => DenoConnector.upgrade(register, c.req.raw, c.env));
   * Deno.serve(app.fetch);
   */
  upgrade(register: Pluggable<AnyProcessor>, request: Request, info: DenoRequestInfo): Response | Promise<Response> {
    // Deno takes any method, version and key.
    if (!isUpgrade(request) || !isHandshake(request)) return upgradeNeeded();
    if (!URL.canParse(request.url)) return badAddress();
    const settle = (admission: Admission) => {
      return admission instanceof Rejected ? refusalOf(admission) : accept(register, request, admission);
    };
    const admission = register.admit(admissionRequestOf(request, addressOf(info)));
    return admission instanceof Promise ? admission.then(settle) : settle(admission);
  },

  /**
   * What is known of a request, for {@link DenoConnector.plug}. Ask before `Deno.upgradeWebSocket`: Deno forgets it then.
   */
  handshake(request: Request, info: DenoRequestInfo): Handshake {
    return handshakeOf(request, addressOf(info));
  },

  /**
   * Plugs in one socket that you have upgraded yourself. Synchronous: call it before the response is returned, and no
   * frame is lost.
   *
   * @returns The processor; events run once its `startEventStream()` has been called.
   * @throws {ZapError} `already_plugged`; `duplicate_id`.
   *
   * @example
   * const asking = DenoConnector.handshake(request, info);
   * const { socket, response } = Deno.upgradeWebSocket(request);
   * DenoConnector.plug(register, socket, asking).startEventStream();
   * return response;
   */
  plug<P extends AnyProcessor>(
    register: Pluggable<P>,
    socket: WhatwgSocket,
    asking: Handshake | Admitted,
    options?: PlugOptions,
  ): P {
    return plugWhatwg(register, socket, asking, options);
  },
};

function accept(register: Pluggable<AnyProcessor>, request: Request, admitted: Admitted): Response {
  const upgraded = upgrade(request, register.limits.heartbeatMs);
  if (upgraded === undefined) {
    admitted.abandon();
    return upgradeNeeded();
  }
  const { socket, response } = upgraded;
  // A peer that goes before it has got the response leaves a socket behind that never opens, and says nothing.
  const lost = setTimeout(() => admitted.abandon(), LOST_AFTER_MS);
  socket.addEventListener?.("open", () => {
    clearTimeout(lost);
    plugWhatwg(register, socket, admitted, undefined).start();
  });
  return selectProtocol(response, admitted);
}

/** Upgrades a request; undefined for one that Deno does not take, and for a peer that has gone. */
function upgrade(request: Request, heartbeatMs: number): ReturnType<typeof Deno.upgradeWebSocket> | undefined {
  try {
    // Deno's own pings: a socket like the standard's has none to send. 0 is none.
    const idleTimeout = Number.isFinite(heartbeatMs) ? Math.ceil(heartbeatMs / 1_000) : 0;
    return Deno.upgradeWebSocket(request, { idleTimeout });
  } catch {
    return undefined;
  }
}

function addressOf({ remoteAddr }: DenoRequestInfo): string | undefined {
  return remoteAddr.hostname;
}
