// Takes HTTP upgrades of one server to the registers attached to its paths. Knows nothing of frames.
import { type ServerOptions, WebSocketServer } from "ws";
import { type Admission, type Admitted, Rejected } from "../../core/admission-verdict.ts";
import { type CloseOptions, drain } from "../../core/drain.ts";
import type { AnyProcessor } from "../../core/event-processor.ts";
import type { Pluggable } from "../../core/register-base.ts";
import { systemClock } from "../../core/system-clock.ts";
import { invalidArgument, upgradeInUse } from "../../protocol/errors.ts";
import { FED_SOCKETS, isFedSocket } from "./fed-socket.ts";
import { NodeRequest } from "./node-request.ts";
import { NOTHING_HERE, refuseUpgrade } from "./refuse-upgrade.ts";
import { wsServerOptions } from "./ws-options.ts";
import { plugWs, processorOf } from "./ws-plug.ts";
import type { RawSocket, UpgradeRequest, WsSocket } from "./ws-types.ts";

/** An HTTP or HTTPS server, as of `node:http` and `node:https`. */
export interface UpgradeServer {
  on(event: "upgrade", listener: UpgradeListener): unknown;
  off(event: "upgrade", listener: UpgradeListener): unknown;
  listenerCount(event: "upgrade"): number;
}

type UpgradeListener = (...given: unknown[]) => void;

/** How a register is attached to a server. */
export interface AttachOptions {
  /** The path WebSockets are accepted at: letter for letter, from its `/` on, without a query. Default: `"/ws"`. */
  readonly path?: string;
}

/** A register attached to a path of a server. */
export interface Attachment {
  /** The path. */
  readonly path: string;
  /**
   * Refuses new connections with 503, closes the live ones with 1012 and lets their handlers finish. Resolves when
   * nothing of it is left. May be called again.
   */
  close(options?: CloseOptions): Promise<void>;
}

interface Route extends Attachment {
  upgrade(request: UpgradeRequest, socket: RawSocket, head: Uint8Array): void;
}

/** The routes of one server, by path. */
class Routes extends Map<string, Route> {
  stopListening: () => void = ignore;
}

const routesOf = new WeakMap<UpgradeServer, Routes>();

/**
 * Accepts WebSockets at one path of a server that somebody else made. Upgrades to other paths are left alone.
 *
 * @throws {ZapError} `upgrade_in_use` when the path has a register already; `invalid_argument` for what is no path.
 */
export function attachTo<P extends AnyProcessor>(
  server: UpgradeServer,
  register: Pluggable<P>,
  { path = "/ws" }: AttachOptions,
): Attachment {
  if (!/^\/[^?#]*$/.test(path)) throw invalidArgument(`A path begins with "/" and has no query, unlike "${path}".`);
  const routes = routesOf.get(server) ?? listen(server);
  if (routes.has(path)) throw upgradeInUse(path);
  const route = createRoute(register, path, () => {
    routes.delete(path);
    if (routes.size === 0) routes.stopListening();
  });
  routes.set(path, route);
  return route;
}

function listen(server: UpgradeServer): Routes {
  const routes = new Routes();
  routesOf.set(server, routes);
  const onUpgrade: UpgradeListener = (...given) => {
    const [request, socket, head] = given as [UpgradeRequest, RawSocket, Uint8Array];
    // Before anything else: a reset during the handshake must find a listener.
    socket.on("error", ignore);
    const path = pathOf(request.url ?? "/");
    const route = routes.get(path);
    if (route !== undefined) route.upgrade(request, socket, head);
    else if (server.listenerCount("upgrade") === 1) refuseUpgrade(socket, NOTHING_HERE);
  };
  server.on("upgrade", onUpgrade);
  routes.stopListening = () => {
    server.off("upgrade", onUpgrade);
    routesOf.delete(server);
  };
  return routes;
}

function createRoute<P extends AnyProcessor>(register: Pluggable<P>, path: string, detach: () => void): Route {
  const sockets = new WebSocketServer({ ...wsServerOptions(register.limits), ...FED_SOCKETS } as ServerOptions);
  const live = new Set<AnyProcessor>();
  const listener = { streamEnded: (processor: AnyProcessor) => live.delete(processor) };
  const pending = new Set<NodeRequest>();
  let closing: Promise<void> | undefined;

  const accept = (admitted: Admitted, request: UpgradeRequest, socket: RawSocket, head: Uint8Array) => {
    const accepted = acceptWs(sockets, request, socket, head);
    if (accepted === undefined) return admitted.abandon();
    const processor = plugAccepted(register, accepted, socket, admitted);
    live.add(processor);
    processor.start(listener);
  };
  const settle = (admission: Admission, request: UpgradeRequest, socket: RawSocket, head: Uint8Array) => {
    if (admission instanceof Rejected) return refuseUpgrade(socket, closing === undefined ? admission : DRAINING);
    if (!socket.destroyed && closing === undefined) return accept(admission, request, socket, head);
    admission.abandon();
    refuseUpgrade(socket, DRAINING);
  };
  return {
    path,
    upgrade(request, socket, head) {
      if (closing !== undefined) return refuseUpgrade(socket, DRAINING);
      const asking = new NodeRequest(request);
      const admission = register.admit(asking);
      if (!(admission instanceof Promise)) return settle(admission, request, socket, head);
      const leave = () => asking.leave();
      pending.add(asking);
      socket.once("close", leave);
      admission.then((late) => {
        pending.delete(asking);
        socket.off("close", leave);
        settle(late, request, socket, head);
      });
    },
    close({ drain: windowMs = 0 } = {}) {
      if (closing !== undefined) return closing;
      closing = drain(live, { windowMs, handlerMs: register.limits.handlerMs, clock: systemClock }).then(detach);
      for (const asking of pending) asking.leave();
      return closing;
    },
  };
}

const DRAINING = new Rejected("draining");

/** Where `ws` is the runtime's own, its server makes the sockets it likes, and answers pings by itself. */
function plugAccepted<P extends AnyProcessor>(
  register: Pluggable<P>,
  accepted: WsSocket,
  raw: RawSocket,
  admitted: Admitted,
): P {
  if (!isFedSocket(accepted)) return plugWs(register, accepted, raw, admitted, undefined);
  const processor = processorOf(register, accepted, raw, admitted, undefined);
  accepted.feed({ processor, raw, limits: register.limits });
  return processor;
}

/** Completes the handshake; undefined when `ws` refused it and has answered already. */
function acceptWs(
  sockets: WebSocketServer,
  request: UpgradeRequest,
  socket: RawSocket,
  head: Uint8Array,
): WsSocket | undefined {
  // The server gave us its own request and socket; our types of them are the parts we use.
  type Given = Parameters<WebSocketServer["handleUpgrade"]>;
  let accepted: WsSocket | undefined;
  sockets.handleUpgrade(request as unknown as Given[0], socket as unknown as Given[1], head as Given[2], (given) => {
    accepted = given;
  });
  return accepted;
}

function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}

function ignore(): void {}
