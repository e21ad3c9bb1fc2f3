// A `ws` socket of a server of our own: feeds its processor without listeners, and answers pings. Decides nothing.
import { WebSocket } from "ws";
import type { AnyProcessor } from "../../core/event-processor.ts";
import { NewestPong } from "./newest-pong.ts";
import { tell } from "./ws-plug.ts";
import type { RawSocket, WsSocket } from "./ws-types.ts";

/** What a socket is fed to. */
export interface Feeding {
  readonly processor: AnyProcessor;
  /** The network socket below it. */
  readonly raw: RawSocket;
  /** Above this, no pong is added to what waits to leave. */
  readonly limits: { readonly bufferedBytesSoft: number };
}

/** A socket that feeds a processor. */
export interface FedSocket extends WsSocket {
  /** From now on what comes is fed to the processor. */
  feed(feeding: Feeding): void;
}

/**
 * Nobody else sees these sockets, so their events take the short way: five listeners for each connection cost more than
 * the rest of plugging it in.
 */
class Fed extends WebSocket implements FedSocket {
  #feeding: Feeding | undefined;
  #pong: NewestPong | undefined;

  feed(feeding: Feeding): void {
    this.#feeding = feeding;
  }

  /** `ws` reports everything through this. Before a socket feeds anybody, its errors must not end the process. */
  override emit(event: string | symbol, first?: unknown, second?: unknown): boolean {
    if (this.#feeding !== undefined) this.#take(this.#feeding, event, first, second);
    return true;
  }

  #take({ processor, raw, limits }: Feeding, event: string | symbol, first: unknown, second: unknown): void {
    tell(processor, event, first, second);
    if (event !== "ping") return;
    this.#pong ??= new NewestPong(this, raw, limits);
    // What control frames carry comes from `ws` as a buffer.
    this.#pong.answer(first as Uint8Array);
  }
}

/** Options for a `WebSocketServer` of `ws` whose sockets feed a processor. */
export const FED_SOCKETS: { readonly autoPong: false; readonly WebSocket: unknown } = {
  autoPong: false,
  WebSocket: Fed,
};

/** Whether a server with {@link FED_SOCKETS} made this socket; one that is the runtime's own makes what it likes. */
export function isFedSocket(socket: WsSocket): socket is FedSocket {
  return socket instanceof Fed;
}
