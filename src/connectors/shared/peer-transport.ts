// A peer of crossws as a transport, on whatever runtime crossws runs. Knows nothing of how it was upgraded.
import { type Outgoing, type Transport, textOf } from "../../core/transport.ts";
import type { SendOutcome } from "../../protocol/contract-types.ts";

/** The part of a runtime's own socket that is used where there is one. */
interface RuntimeSocket {
  readonly readyState?: number;
  ping?(): unknown;
  pause?(): unknown;
  resume?(): unknown;
  on?(event: "pong", listener: () => void): unknown;
}

/** The part of crossws' `Peer` that is used here. */
export interface CrosswsPeer {
  readonly remoteAddress?: string | undefined;
  readonly request: { readonly url: string; readonly headers: { get(name: string): string | null } };
  readonly context: object;
  readonly websocket: object;
  readonly bufferedAmount?: number;
  send(text: string, options?: { compress?: boolean }): unknown;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

const OPEN = 1;

/** One peer. It is pinged and paused through the runtime's socket, where that can be. */
export class PeerTransport implements Transport {
  readonly #peer: CrosswsPeer;
  readonly #socket: RuntimeSocket;
  readonly ping?: () => void;
  readonly pause?: () => void;
  readonly resume?: () => void;

  /** @param heard - Called for pongs that crossws keeps to itself. */
  constructor(peer: CrosswsPeer, heard: () => void) {
    this.#peer = peer;
    const socket: RuntimeSocket = peer.websocket;
    this.#socket = socket;
    if (typeof socket.pause === "function") {
      this.pause = () => void socket.pause?.();
      this.resume = () => void socket.resume?.();
    }
    if (typeof this.#socket.ping !== "function") return;
    this.ping = () => void (this.#isOpen && this.#socket.ping?.());
    this.#socket.on?.("pong", heard);
  }

  send(outgoing: Outgoing): SendOutcome {
    if (!this.#isOpen) return "dropped";
    // What this returns means something else on every runtime.
    this.#peer.send(textOf(outgoing), { compress: false });
    return this.bufferedAmount() > 0 ? "queued" : "sent";
  }

  bufferedAmount(): number {
    return this.#peer.bufferedAmount ?? 0;
  }

  close(code: number, reason: string): void {
    this.#peer.close(code, reason);
  }

  terminate(): void {
    this.#peer.terminate();
  }

  get #isOpen(): boolean {
    return (this.#socket.readyState ?? OPEN) === OPEN;
  }
}
