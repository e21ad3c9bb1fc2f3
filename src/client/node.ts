// The client's public face for Node: the same, with the WebSocket of `ws` where the runtime has none.
import { WebSocket as WsWebSocket } from "ws";
import type { AnyContract, Untyped } from "../protocol/contract-types.ts";
import { resolveLimits } from "../protocol/limits.ts";
import type { ClientOptions, Source } from "./client-types.ts";
import type { WebSocketConstructor } from "./socket.ts";
import { ZapClient as BaseClient } from "./zap-client.ts";

export * from "./index.ts";

/** The client of every runtime; in a Node without a WebSocket of its own (before 22) it uses that of `ws`. */
export class ZapClient<C extends AnyContract = Untyped> extends BaseClient<C> {
  constructor(url: Source<string | URL>, options: ClientOptions<C> = {}) {
    super(url, { WebSocket: globalThis.WebSocket ?? boundedWebSocket(options), ...options });
  }
}

/** `ws` keeps to our limits by itself: what is over them is never put together. */
function boundedWebSocket(options: Pick<ClientOptions<unknown>, "limits">): WebSocketConstructor {
  const { envelopeBytes, fragments, closeMs } = resolveLimits(options.limits);
  const bounds = {
    perMessageDeflate: false,
    maxPayload: envelopeBytes,
    maxFragments: fragments,
    closeTimeout: closeMs,
  };
  return class extends WsWebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols, bounds);
    }
  };
}
