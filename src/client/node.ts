// The client's public face for Node: the same, with the WebSocket of `ws`, which bounds what a server can send.
import type { AnyContract, Untyped } from "../protocol/contract-types.ts";
import type { ZapClientConstructor } from "./client-api.ts";
import type { ClientOptions, Source } from "./client-types.ts";
import { boundedWebSocket } from "./ws-socket.ts";
import { ZapClient as BrowserClient } from "./zap-client.ts";

export * from "./index.ts";

// Both take this entry for theirs too, and have a `ws` of their own that keeps no limits.
const isOther = process.versions.bun !== undefined || process.versions.deno !== undefined;

class NodeClient extends BrowserClient<Untyped> {
  constructor(url: Source<string | URL>, options: ClientOptions<Untyped> = {}) {
    // Not Node's own, where it has one: that puts frames of hundreds of megabytes together before anybody can refuse.
    const WebSocket = isOther ? globalThis.WebSocket : boundedWebSocket(options.limits);
    super(url, { WebSocket, ...options });
  }
}

/** A client; on Node it uses the WebSocket of `ws`, with the client's limits, unless `options.WebSocket` names another. */
export type ZapClient<C extends AnyContract = Untyped> = BrowserClient<C>;

/** Makes clients. */
export const ZapClient: ZapClientConstructor = NodeClient as unknown as ZapClientConstructor;
