// h3, Nitro, Nuxt and whatever else takes the hooks of crossws. Translates only.
import { type Admitted, Rejected } from "../core/admission-verdict.ts";
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../core/register-base.ts";
import type { Limits } from "../protocol/limits.ts";
import {
  admissionRequestOf,
  type FetchRequest,
  handshakeOf,
  protocolHeader,
  refusalOf,
} from "./shared/fetch-upgrade.ts";
import { Admissions, admitUpgrade } from "./shared/node-admission.ts";
import { type CrosswsPeer, PeerTransport } from "./shared/peer-transport.ts";
import { type WsServerOptions, wsServerOptions } from "./shared/ws-options.ts";
import { plugWs } from "./shared/ws-plug.ts";
import type { UpgradeRequest, WsSocket } from "./shared/ws-types.ts";

export type { FetchRequest } from "./shared/fetch-upgrade.ts";
export type { CrosswsPeer } from "./shared/peer-transport.ts";

/** A request to upgrade, as crossws hands it to hooks. */
export interface CrosswsRequest extends FetchRequest {
  /** The address at the other end, where the server tells. */
  readonly ip?: string | undefined;
  /** On Node: the request below. */
  readonly runtime?: { readonly node?: { readonly req?: object } | undefined } | undefined;
  /** The same in crossws 0.3, the one of Nitro 2 and Nuxt 4, where only what is put into `context` gets to the peer. */
  readonly _req?: object;
  readonly context?: object | undefined;
}

/** What crossws does with a request that is let in. */
export interface CrosswsUpgrade {
  readonly headers: Record<string, string>;
  readonly context: Record<string, unknown>;
}

/** The hooks of crossws. */
export interface CrosswsHooks {
  upgrade(request: CrosswsRequest): Promise<CrosswsUpgrade | Response>;
  open(peer: CrosswsPeer): void;
  message(peer: CrosswsPeer, message: { readonly rawData: unknown }): void;
  drain(peer: CrosswsPeer): void;
  ping(peer: CrosswsPeer): void;
  pong(peer: CrosswsPeer): void;
  close(peer: CrosswsPeer, details: { readonly code?: number; readonly reason?: string }): void;
}

/** Where a peer's context has the admission it came with. */
const ADMITTED: unique symbol = Symbol("zaptools.admitted");

const admissions = new Admissions();

/** Registers behind the hooks of crossws. */
export const H3Connector = {
  /**
   * The hooks of one path. The register is asked before the upgrade, and refuses with its response; `authenticate` gets
   * the request of crossws as `source`.
   *
   * @example
   * app.get("/ws", defineWebSocketHandler(H3Connector.hooks(register)));
   */
  hooks(register: Pluggable<AnyProcessor>, options?: PlugOptions): CrosswsHooks {
    const processors = new WeakMap<CrosswsPeer, AnyProcessor>();
    const heard = (peer: CrosswsPeer) => processors.get(peer)?.heard();
    return {
      async upgrade(request) {
        const node = (request.runtime?.node?.req ?? request._req) as UpgradeRequest | undefined;
        // crossws has no listener of its own: a reset while the application is asked would end the process.
        node?.socket.on("error", ignore);
        const admission = await (node === undefined
          ? register.admit(admissionRequestOf(request, request.ip))
          : admitUpgrade(register, node, request));
        if (admission instanceof Rejected) return refusalOf(admission);
        admissions.keep(admission, admission, node?.socket);
        const context = { [ADMITTED]: admission };
        if (!isOld(request)) return { headers: protocolHeader(admission), context };
        Object.assign(request.context ?? {}, context);
        return { headers: {}, context };
      },
      open(peer) {
        const asking = admissions.take(admittedOf(peer)) ?? handshakeOf(peer.request, peer.remoteAddress);
        if (isOld(peer.request))
          return plugWs(register, peer.websocket as WsSocket, undefined, asking, options).start();
        const processor = register.plug(new PeerTransport(peer, () => heard(peer)), asking, options);
        processors.set(peer, processor);
        processor.start();
      },
      message(peer, { rawData }) {
        if (typeof rawData === "string") processors.get(peer)?.receive(rawData);
        else processors.get(peer)?.receiveBinary();
      },
      drain: (peer) => processors.get(peer)?.drained(),
      ping: (peer) => processors.get(peer)?.heard("ping"),
      pong: heard,
      close: (peer, { code = 0, reason = "" }) => processors.get(peer)?.closed(code, reason),
    };
  },

  /**
   * On Node: how crossws makes its `WebSocketServer`, so that the register's limits hold for it.
   *
   * @example
   * const options = { node: { serverOptions: H3Connector.serverOptions(register) } };
   * serve(app, { plugins: [ws({ options })] });
   */
  serverOptions({
    limits,
  }: {
    readonly limits: Limits;
  }): Omit<WsServerOptions, "noServer" | "clientTracking" | "handleProtocols"> {
    const { perMessageDeflate, maxPayload, maxFragments, closeTimeout } = wsServerOptions(limits);
    return { perMessageDeflate, maxPayload, maxFragments, closeTimeout };
  },
};

/**
 * Whether this is crossws 0.3 on Node. It does not tell text from binary frames, so the socket itself is listened to; and
 * its `ws` selects the subprotocol that is offered first, which a header of ours would only repeat.
 */
function isOld(request: object): boolean {
  return "_req" in request;
}

/** What the admission of a peer is kept by: the admission itself, which travels in the context. */
function admittedOf({ context }: CrosswsPeer): object {
  const { [ADMITTED]: admitted }: { [ADMITTED]?: Admitted } = context;
  return admitted ?? context;
}

function ignore(): void {}
