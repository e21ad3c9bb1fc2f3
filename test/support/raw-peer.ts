// A WebSocket client on a bare TCP socket: writes any bytes it is told to, reads frames. Knows nothing of envelopes.
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

/** One frame from the server. */
export interface Frame {
  readonly fin: boolean;
  readonly opcode: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

/** A frame to be written: a whole, masked text frame unless told otherwise. */
export interface FrameOptions {
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly opcode?: number;
  readonly masked?: boolean;
  /** The length the header claims, in 64 bits. Default: the true one. */
  readonly claimedLength?: bigint;
  /** How many bits the length is written in. Default: as few as it takes. */
  readonly lengthBits?: 7 | 16 | 64;
}

/** How the socket is opened. */
export interface RawOptions {
  readonly path?: string;
  /** Header lines besides the usual ones; a usual one is left out when it is repeated here. */
  readonly headers?: readonly string[];
  /** Bytes sent together with the upgrade request. */
  readonly head?: Uint8Array;
}

/** The server's answer to an upgrade request. */
export interface UpgradeAnswer {
  readonly status: number;
  readonly headers: string;
  /** What follows the head where the answer says how long that is; empty for an upgrade. */
  readonly body: string;
}

/** How a connection ended, and what came before that. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
  readonly before: readonly Frame[];
}

export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** One frame as bytes (RFC 6455, section 5.2). */
export function frame(payload: string | Uint8Array, options: FrameOptions = {}): Buffer {
  const { fin = true, rsv = 0, opcode = TEXT, masked = true, claimedLength } = options;
  const bytes = Buffer.from(payload as string);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const maskBit = masked ? 0x80 : 0;
  const length = claimedLength ?? BigInt(bytes.length);
  const { lengthBits = claimedLength !== undefined || length > 65_535n ? 64 : length > 125n ? 16 : 7 } = options;
  let head: Buffer;
  if (lengthBits === 7) head = Buffer.from([first, maskBit | Number(length)]);
  else if (lengthBits === 16) {
    head = Buffer.from([first, maskBit | 126, 0, 0]);
    head.writeUInt16BE(Number(length), 2);
  } else {
    head = Buffer.from([first, maskBit | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeBigUInt64BE(length, 2);
  }
  if (!masked) return Buffer.concat([head, bytes]);
  const mask = randomBytes(4);
  const body = bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([head, mask, body]);
}

/** A Close frame. */
export function closeFrame(code: number, reason: string | Uint8Array = ""): Buffer {
  return frame(Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason as string)]), { opcode: CLOSE });
}

/** One text in as many fragments as it has parts. */
export function fragments(parts: readonly (string | Uint8Array)[]): Buffer {
  const last = parts.length - 1;
  const frames = parts.map((part, index) =>
    frame(part, { fin: index === last, opcode: index === 0 ? TEXT : CONTINUATION }),
  );
  return Buffer.concat(frames);
}

/** One envelope as a text frame. */
export function envelopeFrame(eventName: string, payload: unknown = null): Buffer {
  return frame(JSON.stringify({ eventName, payload }));
}

/** What a client says first that understands control events. */
export const HELLO_FRAME: Buffer = envelopeFrame("zap:hello", { version: 1 });

/** One request as a text frame. */
export function requestFrame(id: string, eventName: string, payload: unknown = null): Buffer {
  return frame(JSON.stringify({ eventName, payload, headers: { zap: { id } } }));
}

/** The upgrade request, line by line. */
export function upgradeRequest({ path = "/ws", headers = [] }: RawOptions = {}): string {
  const given = new Set(headers.map((line) => line.split(":", 1)[0]?.toLowerCase()));
  const usual = [
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    "Sec-WebSocket-Version: 13",
  ].filter((line) => !given.has(line.split(":", 1)[0]?.toLowerCase()));
  return [`GET ${path} HTTP/1.1`, ...usual, ...headers, "", ""].join("\r\n");
}

const live = new Set<Socket>();

/** Cuts every peer that is still there, so that no server waits for it. */
export function cutAll(): void {
  for (const socket of live) socket.destroy();
}

/** A client on a bare socket. */
export class RawPeer {
  readonly socket: Socket;
  /** Resolves when the TCP connection is gone. */
  readonly gone: Promise<void>;
  #buffered: Buffer = Buffer.alloc(0);
  #changed: () => void = () => {};
  #state: "open" | "gone" = "open";
  #lastId = 0;

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setNoDelay();
    live.add(this.socket);
    this.socket.on("error", () => {});
    this.socket.on("data", (data) => {
      this.#buffered = Buffer.concat([this.#buffered, data]);
      this.#changed();
    });
    this.gone = new Promise((resolve) => {
      this.socket.on("close", () => {
        live.delete(this.socket);
        this.#state = "gone";
        this.#changed();
        resolve();
      });
    });
  }

  /** A peer that has been accepted. */
  static async open(port: number, options: RawOptions = {}): Promise<RawPeer> {
    const peer = new RawPeer(port);
    const { status } = await peer.upgrade(options);
    if (status !== 101) throw new Error(`The upgrade was answered with ${status}.`);
    return peer;
  }

  /** Asks for the upgrade and reads the answer's head. */
  async upgrade(options: RawOptions = {}): Promise<UpgradeAnswer> {
    const { head = new Uint8Array() } = options;
    this.socket.write(Buffer.concat([Buffer.from(upgradeRequest(options), "latin1"), head]));
    return this.answer();
  }

  /** Reads an HTTP answer; status 0 when there came none. */
  async answer(): Promise<UpgradeAnswer> {
    for (;;) {
      const end = this.#buffered.indexOf("\r\n\r\n");
      const text = this.#buffered.subarray(0, Math.max(end, 0)).toString("latin1");
      const length = Number(/^content-length: *(\d+)/im.exec(text)?.[1] ?? 0);
      if (end !== -1 && this.#buffered.length >= end + 4 + length) {
        const body = this.#buffered.subarray(end + 4, end + 4 + length).toString();
        this.#buffered = this.#buffered.subarray(end + 4 + length);
        return { status: Number(text.split(" ")[1]), headers: text.slice(text.indexOf("\r\n") + 2), body };
      }
      if (this.#state === "gone") return { status: 0, headers: "", body: "" };
      await this.#change();
    }
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  send(eventName: string, payload: unknown = null): void {
    this.write(envelopeFrame(eventName, payload));
  }

  /** The next frame; undefined when the connection ended before one came. */
  async next(): Promise<Frame | undefined> {
    for (;;) {
      const read = readFrame(this.#buffered);
      if (read !== undefined) {
        this.#buffered = this.#buffered.subarray(read.size);
        return read.frame;
      }
      if (this.#state === "gone") return undefined;
      await this.#change();
    }
  }

  /** The envelope in the next text frame. */
  async envelope(): Promise<{ readonly eventName: string; readonly payload: unknown }> {
    const next = await this.next();
    if (next?.opcode !== TEXT) throw new Error(`Expected a text frame, not ${next?.opcode}.`);
    return JSON.parse(next.payload.toString());
  }

  /** Asks, and reads on until the answer comes. */
  async ask(eventName: string, payload: unknown = null): Promise<unknown> {
    const id = String(++this.#lastId);
    this.write(requestFrame(id, eventName, payload));
    for (;;) {
      const next = await this.next();
      if (next === undefined || next.opcode === CLOSE) throw new Error(`"${eventName}" was not answered.`);
      const answer = next.opcode === TEXT ? JSON.parse(next.payload.toString()) : undefined;
      if (answer?.headers?.zap?.re === id) return answer.payload;
    }
  }

  /** Reads on until a Close comes: its code, 1005 without one, 1006 when the connection was lost. */
  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    const { code, reason } = await this.ending();
    return { code, reason };
  }

  /** The same, with what came before it. */
  async ending(): Promise<Ending> {
    const before: Frame[] = [];
    for (;;) {
      const next = await this.next();
      if (next === undefined) return { code: 1006, reason: "", before };
      if (next.opcode !== CLOSE) before.push(next);
      else if (next.payload.length === 0) return { code: 1005, reason: "", before };
      else return { code: next.payload.readUInt16BE(), reason: next.payload.subarray(2).toString(), before };
    }
  }

  /** Cuts the connection with a TCP reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}

function readFrame(buffer: Buffer): { readonly frame: Frame; readonly size: number } | undefined {
  const [first, second] = buffer;
  if (first === undefined || second === undefined) return undefined;
  let length = second & 0x7f;
  let offset = 2;
  if (length === 126) {
    if (buffer.length < 4) return undefined;
    length = buffer.readUInt16BE(2);
    offset = 4;
  } else if (length === 127) {
    if (buffer.length < 10) return undefined;
    length = Number(buffer.readBigUInt64BE(2));
    offset = 10;
  }
  if (buffer.length < offset + length) return undefined;
  const payload = buffer.subarray(offset, offset + length);
  return {
    frame: { fin: (first & 0x80) !== 0, opcode: first & 0x0f, masked: (second & 0x80) !== 0, payload },
    size: offset + length,
  };
}
