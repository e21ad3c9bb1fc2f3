// Answers the pings of one `ws` socket: the newest of a tick, and no other. Does not count them.
import { atEndOfTick } from "../../core/tick.ts";
import type { WsSocket } from "./ws-types.ts";

const OPEN = 1;

/** The network socket below it: says when it has room again. */
interface Drainable {
  once(event: "drain", listener: () => void): unknown;
}

/**
 * The pongs of one socket. Many pings at once get one pong, for the newest of them (RFC 6455, section 5.5.3): a flood of
 * them does not cost a write each. A peer that does not read gets its pong when it does.
 */
export class NewestPong {
  readonly #socket: WsSocket;
  readonly #raw: Drainable;
  readonly #mostBuffered: number;
  #data: Uint8Array | undefined;

  /** @param limits - Nothing is added to more than `bufferedBytesSoft` that wait to leave. */
  constructor(socket: WsSocket, raw: Drainable, limits: { readonly bufferedBytesSoft: number }) {
    this.#socket = socket;
    this.#raw = raw;
    this.#mostBuffered = limits.bufferedBytesSoft;
  }

  /** Takes the data of a ping: at most 125 bytes. */
  answer(data: Uint8Array): void {
    if (this.#data === undefined) atEndOfTick(this);
    this.#data = data;
  }

  flush(): void {
    const data = this.#data;
    if (data !== undefined && this.#socket.bufferedAmount > this.#mostBuffered) {
      this.#raw.once("drain", () => this.flush());
      return;
    }
    this.#data = undefined;
    if (data !== undefined && this.#socket.readyState === OPEN) this.#socket.pong(data, undefined, ignore);
  }
}

// A write that fails is followed by the socket's close, which is what counts.
function ignore(): void {}
