// What the bindings for frameworks are made of, and nothing else.
export type { AnyContract, EventName, RequestName, Untyped } from "../protocol/contract-types.ts";
export { type ClientProps, clientOf, provided } from "./client-source.ts";
export type { ClientHandler, ClientOptions, Snapshot, Source } from "./client-types.ts";
export type { ZapClient } from "./core.ts";
export { hold } from "./hold.ts";
export { createRequestState, type RequestState, type RunRequest, type UsedRequest } from "./request-state.ts";
