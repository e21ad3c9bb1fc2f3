// A `ws` WebSocket as a transport. Writes whole frames to the network socket below it, where it may.
import { type Outgoing, type Transport, textOf } from "../../core/transport.ts";
import type { SendOutcome } from "../../protocol/contract-types.ts";
import type { RawSocket, WsSocket } from "./ws-types.ts";

const OPEN = 1;

// One unmasked text frame, the only kind a server sends here.
const TEXT_FRAME = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: false };

/** Makes frames: the `Sender` of `ws`. */
interface Framer {
  frame(text: string, options: typeof TEXT_FRAME): Uint8Array[];
}

// Taken from the first socket, not imported: connectors for several runtimes load this where there is no `ws`.
let framer: Framer | undefined;

/** One socket of `ws`. */
export class WsTransport implements Transport {
  readonly #socket: WsSocket;
  readonly #raw: RawSocket | undefined;

  /**
   * @param raw - The network socket below. With it the texts of a tick leave in one write, and a broadcast is framed
   *   once for all sockets. Compressed connections are left to `ws`, and all of them on Bun.
   */
  constructor(socket: WsSocket, raw: RawSocket | undefined) {
    this.#socket = socket;
    framer ??= framerOf(socket);
    this.#raw = socket.extensions === "" && framer !== undefined ? raw : undefined;
  }

  send(outgoing: Outgoing): SendOutcome {
    if (this.#socket.readyState !== OPEN) return "dropped";
    if (this.#raw === undefined) this.#socket.send(textOf(outgoing), ignore);
    else if (this.#raw.writable) this.#raw.write(frameOf(outgoing));
    else return "dropped";
    return this.#socket.bufferedAmount > 0 ? "queued" : "sent";
  }

  sendAll(outgoing: readonly Outgoing[]): SendOutcome {
    if (this.#socket.readyState !== OPEN) return "dropped";
    if (this.#raw === undefined) {
      for (const one of outgoing) this.#socket.send(textOf(one), ignore);
    } else if (this.#raw.writable) {
      this.#raw.write(joinFrames(outgoing));
    } else return "dropped";
    return this.#socket.bufferedAmount > 0 ? "queued" : "sent";
  }

  bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  onceDrained(callback: () => void): void {
    this.#raw?.once("drain", callback);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  ping(): void {
    if (this.#socket.readyState === OPEN) this.#socket.ping(undefined, undefined, ignore);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}

/** The class of the socket's own sender: frames are made by the release of `ws` that accepted it. */
function framerOf({ _sender }: WsSocket & { readonly _sender?: unknown }): Framer | undefined {
  const found: Partial<Framer> = Object(_sender).constructor;
  return typeof found.frame === "function" ? (found as Framer) : undefined;
}

// Sockets whose framer is not known are left to `ws`, so there is one whenever this is called.
function partsOf(text: string): readonly Uint8Array[] {
  return framer?.frame(text, TEXT_FRAME) ?? [];
}

function frameOf(outgoing: Outgoing): Uint8Array {
  if (typeof outgoing === "string") return Buffer.concat(partsOf(outgoing));
  outgoing.frame ??= Buffer.concat(partsOf(outgoing.text));
  return outgoing.frame;
}

// The members of a room often have the very same texts waiting at the end of a tick; they are joined once.
let lastBatch: readonly Outgoing[] = [];
let lastBytes: Uint8Array = new Uint8Array();

function joinFrames(outgoing: readonly Outgoing[]): Uint8Array {
  const shared = typeof outgoing[0] === "object";
  if (shared && isSameBatch(outgoing, lastBatch)) return lastBytes;
  const parts: Uint8Array[] = [];
  for (const one of outgoing) {
    if (typeof one === "string") parts.push(...partsOf(one));
    else parts.push(frameOf(one));
  }
  const bytes = Buffer.concat(parts);
  if (shared) {
    lastBatch = outgoing;
    lastBytes = bytes;
  }
  return bytes;
}

function isSameBatch(one: readonly Outgoing[], other: readonly Outgoing[]): boolean {
  return one.length === other.length && one.every((outgoing, index) => outgoing === other[index]);
}

// A write that fails is followed by the socket's close, which is what counts.
function ignore(): void {}
