// Feeds an event processor with what a `ws` socket receives. Does not know how the socket was accepted.

import type { Admitted } from "../../core/admission-verdict.ts";
import type { AnyProcessor } from "../../core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../../core/register-base.ts";
import type { Handshake } from "../../core/transport.ts";
import { CloseCode } from "../../protocol/close-codes.ts";
import { alreadyPlugged } from "../../protocol/errors.ts";
import { BAD_FRAME, BAD_UTF8, type Refusal, TOO_LARGE, TOO_MANY_FRAGMENTS } from "../../protocol/refusal.ts";
import { NewestPong } from "./newest-pong.ts";
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

/** Where a socket keeps its pongs, unless `ws` makes them. */
const PONG: unique symbol = Symbol("zaptools.pong");

interface PluggedSocket extends WsSocket {
  /** The network socket that `ws` itself writes to. */
  readonly _socket?: unknown;
  [PROCESSOR]?: AnyProcessor;
  [PONG]?: NewestPong;
}

/** Who answers the pings of a socket: this register, or the server of `ws` that accepted it. */
export type PingAnswerer = "register" | "server";

/**
 * Plugs in a socket of `ws`. Synchronous, so that no frame can come before its listener.
 *
 * @param raw - The network socket below it, as far as the caller knows; it is left alone unless `ws` writes to it too.
 * @param answerer - `register` only for a server of `ws` that has `autoPong: false`.
 * @throws {ZapError} `already_plugged`, or `duplicate_id` after the socket was closed with 4409.
 */
export function plugWs<P extends AnyProcessor>(
  register: Pluggable<P>,
  socket: WsSocket,
  raw: RawSocket | undefined,
  asking: Handshake | Admitted,
  options: PlugOptions | undefined,
  answerer: PingAnswerer = "server",
): P {
  const plugged: PluggedSocket = socket;
  if (plugged[PROCESSOR] !== undefined) throw alreadyPlugged();
  const transport = new WsTransport(socket, plugged._socket === raw ? raw : undefined);
  // Before the plug: a socket that is refused there must not end the process with an error of its own.
  socket.on("error", onError);
  const processor = register.plug(transport, asking, options);
  plugged[PROCESSOR] = processor;
  if (answerer === "register" && raw !== undefined) plugged[PONG] = new NewestPong(socket, raw, register.limits);
  socket.on("message", onMessage);
  socket.on("close", onClose);
  socket.on("ping", onPing);
  socket.on("pong", onPong);
  if (socket.readyState === CLOSED) processor.closed(CloseCode.abnormal, "");
  return processor;
}

// One function for all sockets: `ws` calls its listeners with the socket as `this`.
function onMessage(this: PluggedSocket, data: { toString(): string }, isBinary: boolean): void {
  if (isBinary) this[PROCESSOR]?.receiveBinary();
  else this[PROCESSOR]?.receive(data.toString());
}

function onClose(this: PluggedSocket, code: number, reason: { toString(): string }): void {
  this[PROCESSOR]?.closed(code, reason.toString());
}

function onPing(this: PluggedSocket, data: Uint8Array): void {
  this[PROCESSOR]?.heard("ping");
  this[PONG]?.answer(data);
}

function onPong(this: PluggedSocket): void {
  this[PROCESSOR]?.heard("pong");
}

function onError(this: PluggedSocket, error: Error): void {
  const refusal = refusalOf(error);
  if (refusal !== undefined) this[PROCESSOR]?.refuse(refusal);
}

/** What a frame that `ws` would not take is refused with; undefined for errors of the network. */
function refusalOf(error: Error): Refusal | undefined {
  if (!("code" in error) || typeof error.code !== "string" || !error.code.startsWith("WS_ERR_")) return undefined;
  return REFUSALS.get(error.code) ?? BAD_FRAME;
}
