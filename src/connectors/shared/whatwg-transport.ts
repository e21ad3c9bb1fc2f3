// A WHATWG WebSocket as a transport. It cannot be paused, pinged or cut, and does not say when it has drained.
import { type Outgoing, type Transport, textOf } from "../../core/transport.ts";
import type { SendOutcome } from "../../protocol/contract-types.ts";
import type { WhatwgSocket } from "./whatwg-types.ts";

const CONNECTING = 0;
const OPEN = 1;

/** One WHATWG socket. */
export class WhatwgTransport implements Transport {
  readonly #socket: WhatwgSocket;
  /** What is to be done once the socket is open: some runtimes hand it over before it is. */
  #postponed: (() => void)[] = [];
  #postponedLength = 0;

  constructor(socket: WhatwgSocket) {
    this.#socket = socket;
  }

  send(outgoing: Outgoing): SendOutcome {
    const text = textOf(outgoing);
    if (this.#socket.readyState === CONNECTING) {
      this.#postponedLength += text.length;
      this.#postponed.push(() => this.send(text));
      return "queued";
    }
    if (this.#socket.readyState !== OPEN) return "dropped";
    try {
      this.#socket.send(text);
    } catch {
      // It has closed since it was last asked.
      return "dropped";
    }
    return this.bufferedAmount() > 0 ? "queued" : "sent";
  }

  bufferedAmount(): number {
    return this.#postponedLength + (this.#socket.bufferedAmount ?? 0);
  }

  close(code: number, reason: string): void {
    if (this.#socket.readyState === CONNECTING) this.#postponed.push(() => this.close(code, reason));
    else this.#close(code, reason);
  }

  terminate(): void {
    this.#close();
  }

  /** The socket is open: what was postponed is done now. */
  opened(): void {
    const postponed = this.#postponed;
    this.#postponed = [];
    this.#postponedLength = 0;
    for (const act of postponed) act();
  }

  #close(code?: number, reason?: string): void {
    try {
      this.#socket.close(code, reason);
    } catch {
      // Sockets that are strict about it send no other codes than a browser may.
      if (code !== undefined) this.#close();
    }
  }
}
