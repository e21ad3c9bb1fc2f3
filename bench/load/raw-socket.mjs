// One client connection on a plain network socket: upgrades, counts the frames that come, writes prepared ones.
// Cheap enough that the server is what a bench measures.
import net from "node:net";
import { dialects } from "./dialects.mjs";
import { FrameReader, textFrame } from "./frames.mjs";

// All sockets read into the same memory: what was read is done with before the next read.
const shared = Buffer.allocUnsafe(256 * 1024);
// Below the number of ephemeral ports one address has.
const PER_ADDRESS = 5_000;
const live = new Set();
let opened = 0;

export class RawSocket {
  /** Resolves when events can be sent. */
  open;
  /** Called with the number of expected texts that have come. */
  onExpected = () => {};
  #socket;
  #dialect;
  #reader;
  #state = "upgrading";
  #response = "";
  #wanted;
  #opened;

  /** @param job - `{ port, dialect }` */
  constructor({ port, dialect }) {
    this.#dialect = dialects[dialect];
    this.open = new Promise((resolve) => {
      this.#opened = resolve;
    });
    this.#reader = new FrameReader({
      text: (text) => this.#takeText(text),
      answer: (frame) => this.write(frame),
      closed: (code) => fail(`The server closed a connection with ${code}.`),
    });
    this.#socket = net.connect({
      port,
      host: "127.0.0.1",
      ...localAddress(),
      noDelay: true,
      onread: { buffer: shared, callback: (length, bytes) => this.#read(length, bytes) },
    });
    live.add(this);
    this.#socket.on("error", (error) => this.#isWanted() && fail(error.message));
    this.#socket.on("close", () => this.#isWanted() && fail("The server cut a connection."));
    this.#socket.write(
      `GET ${this.#dialect.path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
  }

  write(frame) {
    this.#socket.write(frame);
  }

  /** Checks the next text letter by letter, and counts those of its length from then on. */
  expect(text) {
    this.#wanted = text;
    this.#reader.expected = 0;
  }

  /** Reads nothing any more; what becomes of the connection then is the server's to say. */
  stall() {
    this.#state = "stalled";
    this.#socket.pause();
  }

  /** Cuts the connection with a reset: nothing of it stays in the kernel to slow down the ports of the next sample. */
  close() {
    this.#state = "closed";
    live.delete(this);
    this.#socket.resetAndDestroy();
  }

  #read(length, bytes) {
    if (this.#state === "upgrading") this.#upgrade(bytes.subarray(0, length));
    else this.#count(this.#reader.read(bytes, length));
    return true;
  }

  #isWanted() {
    return this.#state !== "closed" && this.#state !== "stalled";
  }

  #count(frames) {
    if (frames > 0) this.onExpected(frames);
  }

  #upgrade(bytes) {
    this.#response += bytes.toString("latin1");
    const end = this.#response.indexOf("\r\n\r\n");
    if (end === -1) return;
    if (!this.#response.startsWith("HTTP/1.1 101 ")) fail(`No upgrade: ${this.#response.slice(0, 100)}`);
    const rest = Buffer.from(this.#response.slice(end + 4), "latin1");
    this.#response = "";
    if (this.#dialect.opening === undefined) this.#ready();
    else this.#state = "opening";
    this.#count(this.#reader.read(rest, rest.length));
  }

  #ready() {
    this.#state = "open";
    this.#opened();
  }

  #takeText(text) {
    const answer = this.#dialect.heartbeat(text);
    if (answer !== undefined) return this.write(textFrame(answer));
    if (this.#state === "opening") {
      if (this.#dialect.opening(text, (reply) => this.write(textFrame(reply)))) this.#ready();
      return;
    }
    if (text !== this.#wanted) fail(`The server sent ${text} instead of ${this.#wanted}.`);
    this.#wanted = undefined;
    this.#reader.expected = Buffer.byteLength(text);
    this.onExpected(1);
  }
}

/** Closes all sockets there are. */
export function closeAll() {
  for (const socket of live) socket.close();
}

/** Opens `count` sockets, a bounded number of them at a time. */
export async function openMany(count, job) {
  const AT_A_TIME = 250;
  const sockets = [];
  const worker = async () => {
    while (sockets.length < count) {
      const socket = new RawSocket(job);
      sockets.push(socket);
      await socket.open;
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, count) }, worker));
  return sockets;
}

/** Several addresses for many connections, where the whole of 127/8 is the loopback. */
function localAddress() {
  const group = Math.floor(opened++ / PER_ADDRESS);
  return group === 0 || process.platform !== "linux" ? {} : { localAddress: `127.0.0.${group + 1}` };
}

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
