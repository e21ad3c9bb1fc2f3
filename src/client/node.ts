// The client's public face for Node: the same, with the WebSocket of `ws` where the runtime has none.
import type { AnyContract, Untyped } from "../protocol/contract-types.ts";
import type { ZapClientConstructor } from "./client-api.ts";
import type { ClientOptions, Source } from "./client-types.ts";
import { boundedWebSocket } from "./ws-socket.ts";
import { ZapClient as BrowserClient } from "./zap-client.ts";

export * from "./index.ts";

class NodeClient extends BrowserClient<Untyped> {
  constructor(url: Source<string | URL>, options: ClientOptions<Untyped> = {}) {
    super(url, { WebSocket: globalThis.WebSocket ?? boundedWebSocket(options.limits), ...options });
  }
}

/** A client; in a Node without a WebSocket of its own (before 22) it uses that of `ws`. */
export type ZapClient<C extends AnyContract = Untyped> = BrowserClient<C>;

/** Makes clients. */
export const ZapClient: ZapClientConstructor = NodeClient as unknown as ZapClientConstructor;
