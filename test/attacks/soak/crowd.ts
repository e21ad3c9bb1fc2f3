// Many innocent clients: each exchanges an echo once a second. Tells how long the echoes took, and what was lost.
import { once } from "node:events";
import { WebSocket } from "ws";

const EVERY_MS = 1_000;
const TICK_MS = 10;
const OPENED_AT_ONCE = 50;

interface Member {
  readonly socket: WebSocket;
  readonly sentAt: number[];
  sent: number;
  received: number;
}

/** The innocent half of a soak. */
export class Crowd {
  readonly #members: readonly Member[];
  readonly #ticking: NodeJS.Timeout;
  #next = 0;
  #lateness: number[] = [];
  #harms: string[] = [];
  #caughtUp: () => void = () => {};

  private constructor(sockets: readonly WebSocket[]) {
    this.#members = sockets.map((socket) => ({ socket, sentAt: [], sent: 0, received: 0 }));
    for (const member of this.#members) {
      member.socket.on("message", (data) => this.#take(member, JSON.parse(String(data)).payload));
      member.socket.on("close", (code) => this.#harms.push(`one was closed with ${code}`));
    }
    const each = (this.#members.length * TICK_MS) / EVERY_MS;
    let due = 0;
    this.#ticking = setInterval(() => {
      for (due += each; due >= 1; due--) this.#sendNext();
    }, TICK_MS);
  }

  static async open(port: number, size: number): Promise<Crowd> {
    const sockets: WebSocket[] = [];
    while (sockets.length < size) {
      const batch = Array.from({ length: Math.min(OPENED_AT_ONCE, size - sockets.length) }, async () => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: false });
        socket.on("error", () => {});
        await once(socket, "open");
        return socket;
      });
      sockets.push(...(await Promise.all(batch)));
    }
    return new Crowd(sockets);
  }

  /** The echoes that have come since the last call, in milliseconds, sorted. */
  takeLateness(): number[] {
    const lateness = this.#lateness.sort((a, b) => a - b);
    this.#lateness = [];
    return lateness;
  }

  /** Sends no more, waits for what is on its way, and resolves with all that went wrong. */
  async finish(): Promise<readonly string[]> {
    clearInterval(this.#ticking);
    while (this.#members.some(({ sent, received }) => received < sent) && this.#harms.length === 0) {
      await new Promise<void>((resolve) => {
        this.#caughtUp = resolve;
      });
    }
    for (const { socket } of this.#members) socket.removeAllListeners("close").close();
    return this.#harms;
  }

  #sendNext(): void {
    const member = this.#members[this.#next++ % this.#members.length];
    if (member === undefined || member.socket.readyState !== WebSocket.OPEN) return;
    member.sentAt.push(performance.now());
    member.socket.send(JSON.stringify({ eventName: "echo", payload: member.sent++ }));
  }

  #take(member: Member, payload: unknown): void {
    if (payload !== member.received) this.#harms.push(`echo ${payload} came in the place of ${member.received}`);
    member.received++;
    this.#lateness.push(performance.now() - (member.sentAt.shift() ?? 0));
    this.#caughtUp();
  }
}
