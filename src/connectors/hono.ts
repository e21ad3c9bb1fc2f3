// Hono, on every runtime it runs on: Node, Bun, Deno, Workers. Translates only; what it gets tells which runtime it is.
import { type Admitted, Rejected } from "../core/admission-verdict.ts";
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../core/register-base.ts";
import type { Handshake } from "../core/transport.ts";
import type { Limits } from "../protocol/limits.ts";
import { type BunServer, type BunSocket, BunTransport } from "./shared/bun-transport.ts";
import { admissionRequestOf, type FetchRequest, handshakeOf, refusalOf } from "./shared/fetch-upgrade.ts";
import { Admissions, admitUpgrade } from "./shared/node-admission.ts";
import { plugWhatwg } from "./shared/whatwg-plug.ts";
import type { WhatwgSocket } from "./shared/whatwg-types.ts";
import { type WsServerOptions, wsServerOptions } from "./shared/ws-options.ts";
import { plugWs } from "./shared/ws-plug.ts";
import type { UpgradeRequest, WsSocket } from "./shared/ws-types.ts";

/** The part of Hono's `Context` that is used here. */
export interface HonoContext {
  readonly req: { readonly raw: FetchRequest };
  readonly env: unknown;
  readonly res: { readonly status: number };
}

/** Hono's `WSContext`: made anew for each event on some runtimes, so only the socket below it counts. */
export interface HonoSocket {
  readonly raw?: unknown;
}

/** What Hono's `upgradeWebSocket` asks for. */
export interface HonoEvents {
  onOpen(event: unknown, socket: HonoSocket): void;
  onMessage(event: { readonly data: unknown }, socket: HonoSocket): void;
  onClose(event: { readonly code: number; readonly reason: string }, socket: HonoSocket): void;
  onError(): void;
}

/** Hono's `env`, as its adapters fill it: on Bun it is the server or holds it, on Node and Deno it tells of the peer. */
interface RuntimeEnv extends Partial<BunServer<unknown>> {
  readonly server?: Partial<BunServer<unknown>>;
  readonly incoming?: UpgradeRequest;
  readonly remoteAddr?: { readonly hostname?: string };
}

const admissions = new Admissions();

/** Registers under Hono. */
export const HonoConnector = {
  /**
   * Middleware that asks the register before the upgrade, and refuses with its response. Comes before
   * `upgradeWebSocket`; without it a peer that may not connect is accepted first and closed then.
   *
   * @example
   * app.get("/ws", HonoConnector.admit(register), upgradeWebSocket((context) => HonoConnector.events(register, context)));
   */
  admit(
    register: Pluggable<AnyProcessor>,
  ): (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined> {
    return async (context, next) => {
      if (context.req.raw.headers.get("upgrade")?.toLowerCase() !== "websocket") {
        await next();
        return undefined;
      }
      const { incoming } = envOf(context);
      const admission = await (incoming === undefined
        ? register.admit({ ...admissionRequestOf(context.req.raw, addressOf(context)), source: context })
        : admitUpgrade(register, incoming, context));
      if (admission instanceof Rejected) return refusalOf(admission);
      // Node's adapter may lose the socket without a word.
      admissions.keep(context, admission, incoming?.socket);
      await next();
      if (context.res.status >= 400) admissions.abandon(context);
      return undefined;
    };
  },

  /** What `upgradeWebSocket` asks for. Events of the framework are not used where the socket itself can be. */
  events(register: Pluggable<AnyProcessor>, context: HonoContext, options?: PlugOptions): HonoEvents {
    let processor: AnyProcessor | undefined;
    let listening = false;
    /** Who has to be fed with the event that came with the socket: nobody, where the socket itself is listened to. */
    const fed = ({ raw }: HonoSocket): AnyProcessor | undefined => {
      if (processor !== undefined) return listening ? undefined : processor;
      const asking = admissions.take(context) ?? unasked(context);
      [processor, listening] = plug(register, raw, asking, context, options);
      processor.start();
      return processor;
    };
    return {
      onOpen: (_event, socket) => void fed(socket),
      // Workers have no `onOpen`: the first event came before anybody listened to the socket itself.
      onMessage({ data }, socket) {
        if (typeof data === "string") fed(socket)?.receive(data);
        else fed(socket)?.receiveBinary();
      },
      onClose: ({ code, reason }, socket) => fed(socket)?.closed(code, reason),
      onError() {},
    };
  },

  /**
   * On Node: how the `WebSocketServer` of `ws` that `serve` takes is made, so that the register's limits hold for it.
   *
   * @example
   * serve({ fetch: app.fetch, websocket: { server: new WebSocketServer(HonoConnector.serverOptions(register)) } });
   */
  serverOptions({ limits }: { readonly limits: Limits }): WsServerOptions {
    return wsServerOptions(limits);
  },
};

/** Plugs in a socket of any of the runtimes, and says whether it is listened to itself. */
function plug(
  register: Pluggable<AnyProcessor>,
  raw: unknown,
  asking: Handshake | Admitted,
  context: HonoContext,
  options: PlugOptions | undefined,
): [processor: AnyProcessor, listening: boolean] {
  const env = envOf(context);
  const known: Partial<WsSocket> & Partial<BunSocket<unknown>> = Object(raw);
  if (typeof known.on === "function")
    return [plugWs(register, raw as WsSocket, env.incoming?.socket, asking, options), true];
  if (typeof known.cork !== "function") return [plugWhatwg(register, raw as WhatwgSocket, asking, options), true];
  const transport = new BunTransport(raw as BunSocket<unknown>, (env.server ?? env) as BunServer<unknown>);
  return [register.plug(transport, asking, options), false];
}

function unasked(context: HonoContext): Handshake {
  return { ...handshakeOf(context.req.raw, addressOf(context)), source: context };
}

function envOf({ env }: HonoContext): RuntimeEnv {
  return Object(env);
}

function addressOf(context: HonoContext): string | undefined {
  const env = envOf(context);
  const ip = (env.server ?? env).requestIP?.(context.req.raw as Request);
  return env.incoming?.socket.remoteAddress ?? ip?.address ?? env.remoteAddr?.hostname;
}
