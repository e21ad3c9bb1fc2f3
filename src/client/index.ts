// The client's public face for browsers and every runtime with a WebSocket of its own, and nothing else.
export { ZapError, type ZapErrorCode } from "../protocol/errors.ts";
export type { ZapClientConstructor } from "./client-api.ts";
export type {
  AnyClientEvent,
  ClientEvent,
  ClientHandler,
  ClientOptions,
  ClientStatus,
  CloseInfo,
  Overflow,
  Snapshot,
  Source,
  StreamOptions,
} from "./client-types.ts";
export type { Environment, NetworkSignal } from "./environment.ts";
export type { WebSocketConstructor, WebSocketLike } from "./socket.ts";
export { ZapClient } from "./zap-client.ts";
