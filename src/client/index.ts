// The client's public face for browsers and every runtime with a WebSocket of its own, and nothing else.
export { ZapError, type ZapErrorCode } from "../protocol/errors.ts";
export type {
  AnyClientEvent,
  BackoffOptions,
  ClientEvent,
  ClientHandler,
  ClientOptions,
  ClientStatus,
  CloseInfo,
  EventsOptions,
  Overflow,
  Snapshot,
  Source,
} from "./client-types.ts";
export type { Environment, NetworkSignal } from "./environment.ts";
export type { WebSocketConstructor, WebSocketLike } from "./socket.ts";
export { ZapClient } from "./zap-client.ts";
