// One socket of Bun's server, from the request that asks for it to its close. Knows no routes and no framework.
import { type Admission, Rejected } from "../../core/admission-verdict.ts";
import type { AnyProcessor } from "../../core/event-processor.ts";
import type { Pluggable } from "../../core/register-base.ts";
import type { Limits } from "../../protocol/limits.ts";
import { type BunServer, type BunSocket, BunTransport } from "./bun-transport.ts";
import {
  admissionRequestOf,
  badAddress,
  isUpgrade,
  protocolHeader,
  refusalOf,
  upgradeNeeded,
} from "./fetch-upgrade.ts";

/** A socket whose session is its `data`. */
export type BunSessionSocket = BunSocket<BunSession>;

/** What Bun's server is told about sockets. */
export interface BunSocketLimits {
  readonly perMessageDeflate: false;
  readonly maxPayloadLength: number;
  readonly backpressureLimit: number;
  readonly idleTimeout: number;
  readonly sendPings: boolean;
}

// What Bun takes for "no limit of its own".
const LARGEST_LIMIT = 0xffff_ffff;

/** Has Bun's server leave to the register what the register looks after. */
export function bunLimits({ envelopeBytes, bufferedBytes }: Limits): BunSocketLimits {
  return {
    perMessageDeflate: false,
    maxPayloadLength: Math.min(envelopeBytes, LARGEST_LIMIT),
    // Beyond our own limit, so that ours decides and none of Bun's drops a frame before.
    backpressureLimit: Math.min(bufferedBytes * 2 + envelopeBytes, LARGEST_LIMIT),
    // Silent peers are noticed by the register's own heartbeat.
    idleTimeout: 0,
    sendPings: false,
  };
}

/**
 * What a socket carries as its `data` from the upgrade on. The names of its methods are those of Bun's `websocket`, so
 * that whoever receives an event of a socket calls the one of the same name.
 */
export class BunSession {
  readonly #plug: (socket: BunSessionSocket) => AnyProcessor;
  #processor: AnyProcessor | undefined;

  /** @param plug - Called once, when the socket is open. */
  constructor(plug: (socket: BunSessionSocket) => AnyProcessor) {
    this.#plug = plug;
  }

  /** The socket is there. */
  open(socket: BunSessionSocket): void {
    this.#processor = this.#plug(socket);
    this.#processor.start();
  }

  /** A frame came. */
  message(_socket: BunSessionSocket, frame: string | Uint8Array): void {
    if (typeof frame === "string") this.#processor?.receive(frame);
    else this.#processor?.receiveBinary();
  }

  /** There is room again. */
  drain(_socket: BunSessionSocket): void {
    this.#processor?.drained();
  }

  /** The peer is there. */
  ping(_socket: BunSessionSocket): void {
    this.#processor?.heard("ping");
  }

  /** The peer is there. */
  pong(_socket: BunSessionSocket): void {
    this.#processor?.heard("pong");
  }

  /** The socket has closed. */
  close(_socket: BunSessionSocket, code: number, reason: string): void {
    this.#processor?.closed(code, reason);
  }
}

/**
 * Judges a request and upgrades it.
 *
 * @returns What refuses it; undefined once it has been upgraded. A promise only where the application is asked.
 */
export function upgradeBun(
  register: Pluggable<AnyProcessor>,
  request: Request,
  server: BunServer<BunSession>,
): Response | undefined | Promise<Response | undefined> {
  // What asks for no upgrade would take a place that nobody gives back.
  if (!isUpgrade(request)) return upgradeNeeded();
  if (!URL.canParse(request.url)) return badAddress();
  const settle = (admission: Admission): Response | undefined => {
    if (admission instanceof Rejected) return refusalOf(admission);
    const data = new BunSession((socket) => register.plug(new BunTransport(socket, server), admission));
    if (server.upgrade(request, { data, headers: protocolHeader(admission) })) return undefined;
    admission.abandon();
    return upgradeNeeded();
  };
  const admission = register.admit(admissionRequestOf(request, server.requestIP(request)?.address));
  return admission instanceof Promise ? admission.then(settle) : settle(admission);
}
