// The WebSocket of `ws` with the limits of a client, so that what is over them is never put together.
import { WebSocket as WsWebSocket } from "ws";
import { CloseCode } from "../protocol/close-codes.ts";
import { type Limits, resolveLimits } from "../protocol/limits.ts";
import type { WebSocketConstructor } from "./socket.ts";

const REFUSED: ReadonlyMap<string, CloseCode> = new Map([
  ["WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", CloseCode.tooLarge],
  ["WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH", CloseCode.tooLarge],
  ["WS_ERR_INVALID_UTF8", CloseCode.invalidText],
  ["WS_ERR_TOO_MANY_BUFFERED_PARTS", CloseCode.policyViolation],
]);

/**
 * A WebSocket that closes for frames a server should not send, and says so to its own side too: where `ws` tells a
 * lost connection (1006), the client would come back for more of them.
 *
 * @throws {ZapError} `invalid_limit`
 */
export function boundedWebSocket(changes: Partial<Limits> | undefined): WebSocketConstructor {
  const { envelopeBytes, fragments, closeMs } = resolveLimits(changes);
  const options = {
    perMessageDeflate: false,
    maxPayload: envelopeBytes,
    maxFragments: fragments,
    closeTimeout: closeMs,
  };
  return class BoundedWebSocket extends WsWebSocket {
    #refused: CloseCode | undefined;

    constructor(url: string, protocols?: string[]) {
      super(url, protocols, options);
      this.on("error", (error) => {
        const code = "code" in error && typeof error.code === "string" ? error.code : "";
        this.#refused = REFUSED.get(code) ?? (code.startsWith("WS_ERR_") ? CloseCode.protocolError : undefined);
      });
    }

    override emit(eventName: string | symbol, ...given: unknown[]): boolean {
      const [, reason] = given;
      if (eventName === "close" && this.#refused !== undefined) return super.emit("close", this.#refused, reason);
      return super.emit(eventName, ...given);
    }
  };
}
