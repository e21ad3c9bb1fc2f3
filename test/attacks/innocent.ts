// A client that does nothing wrong: exchanges an echo every 50 ms, and tells whether it ever suffered. Uses nothing of
// the toolkit.
import { once } from "node:events";
import { WebSocket } from "ws";

const EVERY_MS = 50;

/** Milliseconds an echo may take on a machine that is busy with attacks: beyond, the client was starved. */
const SLOWEST_MS = 8_000;

interface Answer {
  readonly eventName: string;
  readonly payload: unknown;
  readonly headers?: { readonly zap?: { readonly re?: string } };
}

/** One innocent client. */
export class Innocent {
  readonly #socket: WebSocket;
  readonly #echoing: NodeJS.Timeout;
  readonly #asked = new Map<string, { resolve(payload: unknown): void; reject(error: Error): void }>();
  #sentAt: number[] = [];
  #sent = 0;
  #received = 0;
  #slowest = 0;
  #harm: string | undefined;
  #caughtUp: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.#take(JSON.parse(String(data))));
    socket.on("error", () => {});
    socket.on("close", (code, reason) => this.#hurt(`its connection ended with ${code} ${reason}`));
    this.#echoing = setInterval(() => this.#echo(), EVERY_MS);
  }

  /** @param headers - Of its upgrade: a name and a value each. */
  static async open(port: number, headers: Readonly<Record<string, string>> = {}): Promise<Innocent> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers });
    await once(socket, "open");
    return new Innocent(socket);
  }

  /** Milliseconds the slowest echo took. */
  get slowest(): number {
    return this.#slowest;
  }

  /** Echoes that came back. */
  get received(): number {
    return this.#received;
  }

  /** Asks and waits for the answer; rejects when the client has come to harm. */
  ask(eventName: string, payload: unknown = null): Promise<unknown> {
    if (this.#harm !== undefined) return Promise.reject(new Error(this.#harm));
    const id = crypto.randomUUID();
    this.#socket.send(JSON.stringify({ eventName, payload, headers: { zap: { id } } }));
    return new Promise((resolve, reject) => this.#asked.set(id, { resolve, reject }));
  }

  /** Resolves with undefined when all that was sent has come back in order and in time, else with the harm done. */
  async harm(): Promise<string | undefined> {
    if (this.#harm === undefined && this.#received < this.#sent) {
      await new Promise<void>((resolve) => this.#caughtUp.push(resolve));
    }
    if (this.#slowest > SLOWEST_MS) this.#harm ??= `an echo took ${Math.round(this.#slowest)} ms`;
    return this.#harm;
  }

  /** Ends it; what its server does from now on cannot harm it. */
  leave(): void {
    clearInterval(this.#echoing);
    this.#socket.removeAllListeners("close");
    this.#socket.close();
  }

  #echo(): void {
    this.#sentAt.push(performance.now());
    this.#socket.send(JSON.stringify({ eventName: "echo", payload: this.#sent++ }));
  }

  #take({ eventName, payload, headers }: Answer): void {
    const re = headers?.zap?.re;
    if (re !== undefined) {
      this.#asked.get(re)?.resolve(payload);
      this.#asked.delete(re);
    } else if (eventName === "echo") {
      if (payload !== this.#received) this.#hurt(`echo ${payload} came in the place of ${this.#received}`);
      this.#received++;
      this.#slowest = Math.max(this.#slowest, performance.now() - (this.#sentAt.shift() ?? 0));
      if (this.#received === this.#sent) this.#settle();
    } else this.#hurt(`${eventName} came, which it had not asked for`);
  }

  #hurt(harm: string): void {
    this.#harm ??= harm;
    clearInterval(this.#echoing);
    for (const { reject } of this.#asked.values()) reject(new Error(harm));
    this.#asked.clear();
    this.#settle();
  }

  #settle(): void {
    for (const resolve of this.#caughtUp.splice(0)) resolve();
  }
}
