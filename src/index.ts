// The server's public face and nothing else.
export type { AdmissionRequest } from "./core/admission.ts";
export { type Admission, Admitted, Rejected, type RejectionReason } from "./core/admission-verdict.ts";
export type { Authenticate, Authenticated, AuthenticationRequest } from "./core/authentication.ts";
export type { Authorize } from "./core/authorize.ts";
export type { Middleware, Next } from "./core/compose.ts";
export type { Connections } from "./core/connections.ts";
export type {
  AnyContext,
  DefaultState,
  EventContext,
  HandledName,
  Handler,
  LifecycleContext,
  LifecyclePayloads,
  Replied,
} from "./core/context.ts";
export type { RegisterStats } from "./core/counters.ts";
export type { CloseOptions } from "./core/drain.ts";
export type { EventGroup } from "./core/event-group.ts";
export type { AnyProcessor, EventProcessor } from "./core/event-processor.ts";
export type { HandlerOptions } from "./core/handler-table.ts";
export type { Logger } from "./core/logger.ts";
export type {
  Broker,
  BrokerStats,
  Cluster,
  NodeChange,
  NodeOptions,
  NodeReply,
  NodesResult,
} from "./core/nodes.ts";
export type { Principal } from "./core/principal.ts";
export type { Pluggable, PlugOptions, RegisterOptions } from "./core/register-base.ts";
export type {
  BroadcastArguments,
  BroadcastOptions,
  BroadcastResult,
  MemberList,
  Room,
  RoomAnswer,
  RoomChange,
  RoomHooks,
  RoomMember,
  Selection,
  Selector,
} from "./core/room.ts";
export type { Handshake, Outgoing, SharedText, Transport } from "./core/transport.ts";
export type { WebSocketConnection } from "./core/websocket-connection.ts";
export type { Clock } from "./protocol/clock.ts";
export { CloseCode } from "./protocol/close-codes.ts";
export {
  type ContractShape,
  type EventDefinition,
  type RequestDefinition,
  type,
} from "./protocol/contract.ts";
export type {
  AnyContract,
  Direction,
  EventName,
  InvalidPayloadDetails,
  PayloadIssue,
  ReceivedPayload,
  ReceivedReply,
  RequestArguments,
  RequestFailure,
  RequestName,
  RequestOptions,
  SendArguments,
  SendOptions,
  SendOutcome,
  SentPayload,
  SentReply,
  ServerSendOptions,
  Untyped,
} from "./protocol/contract-types.ts";
export { defineEvents } from "./protocol/define-events.ts";
export { ZapError, type ZapErrorCode } from "./protocol/errors.ts";
export type { EnvelopeHeaders } from "./protocol/headers.ts";
export { DEFAULT_LIMITS, type Limits } from "./protocol/limits.ts";
export type { StandardSchema } from "./protocol/standard-schema.ts";
export type { ConnectionRouter } from "./rooms/connection-router.ts";
export { EventRegister } from "./rooms/event-register.ts";
export { RoomManager } from "./rooms/room-manager.ts";
