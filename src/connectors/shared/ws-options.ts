// How a `WebSocketServer` of `ws` is made for a register. Makes none: on other runtimes there is no `ws`.
import type { Limits } from "../../protocol/limits.ts";
import { SUBPROTOCOL } from "../../protocol/names.ts";

/** Options of `ws`' `WebSocketServer`. */
export interface WsServerOptions {
  readonly noServer: true;
  readonly clientTracking: false;
  readonly perMessageDeflate: false;
  readonly maxPayload: number;
  readonly maxFragments: number;
  readonly closeTimeout: number;
  /** Selects `zap.v1` where it is offered, and never a token: by itself `ws` takes whatever is offered first. */
  handleProtocols(offered: ReadonlySet<string>): string | false;
}

// Beyond this, timers of Node fire at once.
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** The options for a register with these limits. */
export function wsServerOptions({ envelopeBytes, fragments, closeMs }: Limits): WsServerOptions {
  return {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: envelopeBytes,
    maxFragments: fragments,
    closeTimeout: Math.min(closeMs, LONGEST_TIMEOUT),
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  };
}
