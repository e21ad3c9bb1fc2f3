// Feeds an event processor with what a `ws` socket receives. Does not know how the socket was accepted.

import type { Admitted } from "../../core/admission-verdict.ts";
import type { AnyProcessor } from "../../core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../../core/register-base.ts";
import type { Handshake } from "../../core/transport.ts";
import { CloseCode } from "../../protocol/close-codes.ts";
import { alreadyPlugged } from "../../protocol/errors.ts";
import { BAD_FRAME, BAD_UTF8, type Refusal, TOO_LARGE, TOO_MANY_FRAGMENTS } from "../../protocol/refusal.ts";
import { WsTransport } from "./ws-transport.ts";
import type { RawSocket, WsSocket } from "./ws-types.ts";

const CLOSED = 3;

const REFUSALS: ReadonlyMap<string, Refusal> = new Map([
  ["WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", TOO_LARGE],
  ["WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH", TOO_LARGE],
  ["WS_ERR_INVALID_UTF8", BAD_UTF8],
  ["WS_ERR_TOO_MANY_BUFFERED_PARTS", TOO_MANY_FRAGMENTS],
]);

/** Where a socket keeps its processor: shared listeners find it there, and a second plug is noticed. */
const PROCESSOR: unique symbol = Symbol("zaptools.processor");

interface PluggedSocket extends WsSocket {
  /** The network socket that `ws` itself writes to. */
  readonly _socket?: unknown;
  [PROCESSOR]?: AnyProcessor;
}

/**
 * Plugs in a socket of `ws`. Synchronous, so that no frame can come before its listener.
 *
 * @param raw - The network socket below it, as far as the caller knows; it is left alone unless `ws` writes to it too.
 * @throws {ZapError} `already_plugged`, or `duplicate_id` after the socket was closed with 4409.
 */
export function plugWs<P extends AnyProcessor>(
  register: Pluggable<P>,
  socket: WsSocket,
  raw: RawSocket | undefined,
  asking: Handshake | Admitted,
  options: PlugOptions | undefined,
): P {
  const plugged: PluggedSocket = socket;
  if (plugged[PROCESSOR] !== undefined) throw alreadyPlugged();
  // Before the plug: a socket that is refused there must not end the process with an error of its own.
  socket.on("error", onError);
  const processor = processorOf(register, socket, raw, asking, options);
  plugged[PROCESSOR] = processor;
  socket.on("message", onMessage);
  socket.on("close", onClose);
  socket.on("ping", onPing);
  socket.on("pong", onPong);
  if (socket.readyState === CLOSED) processor.closed(CloseCode.abnormal, "");
  return processor;
}

/**
 * The processor of a socket of `ws`, which whoever calls this feeds with its events.
 *
 * @param raw - As for {@link plugWs}.
 */
export function processorOf<P extends AnyProcessor>(
  register: Pluggable<P>,
  socket: WsSocket & Pick<PluggedSocket, "_socket">,
  raw: RawSocket | undefined,
  asking: Handshake | Admitted,
  options: PlugOptions | undefined,
): P {
  const transport = new WsTransport(socket, socket._socket === raw ? raw : undefined);
  return register.plug(transport, asking, options);
}

/** Tells a processor what its socket reports, as `ws` reports it. Whatever else it reports is passed over. */
export function tell(processor: AnyProcessor, event: string | symbol, first: unknown, second: unknown): void {
  switch (event) {
    case "message":
      if (second === true) processor.receiveBinary();
      else processor.receive(String(first));
      break;
    case "close":
      processor.closed(Number(first), String(second));
      break;
    case "ping":
    case "pong":
      processor.heard(event);
      break;
    case "error": {
      const refusal = refusalOf(first);
      if (refusal !== undefined) processor.refuse(refusal);
    }
  }
}

/** What a frame that `ws` would not take is refused with; undefined for errors of the network. */
function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) return undefined;
  return error.code.startsWith("WS_ERR_") ? (REFUSALS.get(error.code) ?? BAD_FRAME) : undefined;
}

// One function for all sockets: `ws` calls its listeners with the socket as `this`.
function listenerOf(event: string) {
  return function (this: PluggedSocket, first?: unknown, second?: unknown): void {
    const processor = this[PROCESSOR];
    if (processor !== undefined) tell(processor, event, first, second);
  };
}

const onMessage = listenerOf("message");
const onClose = listenerOf("close");
const onPing = listenerOf("ping");
const onPong = listenerOf("pong");
const onError = listenerOf("error");
