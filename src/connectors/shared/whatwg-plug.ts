// Feeds an event processor with what a WHATWG socket receives. Does not know how the socket was accepted.
import type { Admitted } from "../../core/admission-verdict.ts";
import type { AnyProcessor } from "../../core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../../core/register-base.ts";
import type { Handshake } from "../../core/transport.ts";
import { CloseCode } from "../../protocol/close-codes.ts";
import { alreadyPlugged } from "../../protocol/errors.ts";
import { WhatwgTransport } from "./whatwg-transport.ts";
import type { WhatwgEvent, WhatwgSocket } from "./whatwg-types.ts";

const CLOSED = 3;

const plugged = new WeakSet<WhatwgSocket>();

/**
 * Plugs in a WHATWG socket. Synchronous, so that no frame can come before its listener.
 *
 * @throws {ZapError} `already_plugged`, or `duplicate_id` after the socket was closed with 4409.
 */
export function plugWhatwg<P extends AnyProcessor>(
  register: Pluggable<P>,
  socket: WhatwgSocket,
  asking: Handshake | Admitted,
  options: PlugOptions | undefined,
  transport: WhatwgTransport = new WhatwgTransport(socket),
): P {
  if (plugged.has(socket)) throw alreadyPlugged();
  // The standard's default is Blob, which holds a binary frame that nobody will read.
  socket.binaryType = "arraybuffer";
  const processor = register.plug(transport, asking, options);
  plugged.add(socket);
  listen(socket, "open", () => transport.opened());
  listen(socket, "message", ({ data }) => {
    if (typeof data === "string") processor.receive(data);
    else processor.receiveBinary();
  });
  listen(socket, "close", ({ code = 0, reason = "" }) => processor.closed(code, reason));
  // A close follows, which is what counts; without a listener some runtimes end the process.
  listen(socket, "error", () => {});
  if (socket.readyState === CLOSED) processor.closed(CloseCode.abnormal, "");
  return processor;
}

function listen(socket: WhatwgSocket, type: string, listener: (event: WhatwgEvent) => void): void {
  if (socket.addEventListener !== undefined) socket.addEventListener(type, listener as (event: object) => void);
  else Object.assign(socket, { [`on${type}`]: listener });
}
