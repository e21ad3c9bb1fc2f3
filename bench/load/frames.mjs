// WebSocket frames as a client writes and reads them (RFC 6455, section 5.2). Knows no sockets.

const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const SHORT = 125;
const LARGEST = 65_535;
const MASK = Buffer.from([0x12, 0x34, 0x56, 0x78]);

/** One masked text frame, made once and written many times. Texts of up to 65,535 bytes. */
export function textFrame(text) {
  return frame(TEXT, Buffer.from(text));
}

/** A function that gives `frame` repeated n times in one buffer, each made once. */
export function repeater(frame) {
  const made = [];
  return (times) => {
    made[times] ??= Buffer.concat(Array(times).fill(frame));
    return made[times];
  };
}

function frame(opcode, payload) {
  if (payload.length > LARGEST) throw new RangeError(`The bench writes frames of up to ${LARGEST} bytes.`);
  const masked = payload.map((byte, index) => byte ^ MASK[index % 4]);
  const length = payload.length <= SHORT ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | length[0], ...length.slice(1)]), MASK, masked]);
}

/**
 * Reads what a server sends on one connection. Text frames of the expected length are only counted; every other frame
 * is handed out whole.
 */
export class FrameReader {
  /** Bytes of the texts that are counted; 0 for none. */
  expected = 0;
  #rest = 0;
  #held = Buffer.alloc(0);
  #on;

  /** @param on - `{ text(text), answer(frame), closed(code) }` */
  constructor(on) {
    this.#on = on;
  }

  /** Takes `length` bytes. @returns How many of the expected frames they completed. */
  read(bytes, length) {
    let counted = 0;
    let at = 0;
    if (this.#rest > 0) {
      at = Math.min(this.#rest, length);
      this.#rest -= at;
      if (this.#rest > 0) return 0;
      counted = 1;
    } else if (this.#held.length > 0) {
      const joined = Buffer.concat([this.#held, bytes.subarray(0, length)]);
      this.#held = Buffer.alloc(0);
      return this.read(joined, joined.length);
    }
    while (at < length) {
      if (length - at >= 2 && bytes[at] === 0x81 && bytes[at + 1] === this.expected && this.expected > 0) {
        at += 2 + this.expected;
        if (at <= length) counted++;
        else this.#rest = at - length;
      } else {
        const taken = this.#take(bytes, at, length);
        if (taken === 0) {
          this.#held = Buffer.from(bytes.subarray(at, length));
          break;
        }
        at += taken;
      }
    }
    return counted;
  }

  /** Hands out the frame at `at`. @returns Its bytes; 0 when it has not all come. */
  #take(bytes, at, length) {
    if (length - at < 2) return 0;
    let size = bytes[at + 1];
    let head = 2;
    if (size === 126) {
      if (length - at < 4) return 0;
      size = bytes.readUInt16BE(at + 2);
      head = 4;
    } else if (size > 126) throw new Error("A frame of over 64 KiB, or a masked one, came from the server.");
    if (length - at < head + size) return 0;
    const payload = bytes.subarray(at + head, at + head + size);
    const opcode = bytes[at] & 0x0f;
    if (opcode === TEXT) this.#on.text(payload.toString());
    else if (opcode === PING) this.#on.answer(frame(PONG, payload));
    else if (opcode === CLOSE) this.#on.closed(size >= 2 ? payload.readUInt16BE(0) : 1005);
    return head + size;
  }
}
