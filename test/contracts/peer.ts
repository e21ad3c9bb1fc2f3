// A client of the contract suite: a plain WebSocket that keeps what it gets. Uses nothing of the toolkit.
import { once } from "node:events";
import { WebSocket } from "ws";

/** An envelope as it came. */
export interface Got {
  readonly eventName: string;
  readonly payload: unknown;
  readonly headers?: { readonly [name: string]: unknown };
}

/** One connection. */
export class Peer {
  readonly socket: WebSocket;
  readonly got: Got[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #arrived: (() => void)[] = [];
  #lastId = 0;
  /** How it ended, for those who still wait. */
  #ended = "";

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      this.got.push(JSON.parse(data.toString()));
      for (const arrived of this.#arrived.splice(0)) arrived();
    });
    socket.on("error", ({ message }) => {
      this.#ended = message;
    });
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        this.#ended = `${code} ${reason} ${this.#ended}`.trim();
        resolve({ code, reason: reason.toString() });
        for (const arrived of this.#arrived.splice(0)) arrived();
      });
    });
  }

  /** Connects; rejects when the server refuses. */
  static async open(
    url: string,
    options: { protocols?: string[]; headers?: Record<string, string> } = {},
  ): Promise<Peer> {
    const socket = new WebSocket(url, options.protocols ?? [], { headers: options.headers ?? {} });
    const peer = new Peer(socket);
    await once(socket, "open");
    return peer;
  }

  send(eventName: string, payload: unknown = null, headers?: Record<string, unknown>): void {
    this.socket.send(JSON.stringify({ eventName, payload, headers }));
  }

  /** The first envelope that fits, whether it is here already or comes later. */
  async next(fits: (got: Got) => boolean): Promise<Got> {
    for (;;) {
      const found = this.got.find(fits);
      if (found !== undefined) return found;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error(`closed before it came: ${this.#ended}`);
      await new Promise<void>((resolve) => this.#arrived.push(resolve));
    }
  }

  /** The first event with this name. */
  event(eventName: string): Promise<Got> {
    return this.next((got) => got.eventName === eventName);
  }

  /** Asks and waits for the answer. */
  async ask(eventName: string, payload: unknown = null): Promise<unknown> {
    const id = String(++this.#lastId);
    this.send(eventName, payload, { zap: { id } });
    const answer = await this.next(({ headers }) => (headers?.zap as { re?: string } | undefined)?.re === id);
    return answer.payload;
  }

  names(): string[] {
    return this.got.map(({ eventName }) => eventName);
  }

  close(code?: number, reason?: string): void {
    this.socket.close(code, reason);
  }
}
