// What the bindings need of the client's own code, which is loaded with the client anyway.
export { ensure } from "../protocol/errors.ts";
export { IDLE_SNAPSHOT, isDown } from "./snapshot.ts";
export { ZapClient } from "./zap-client.ts";
