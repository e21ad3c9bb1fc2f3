// WebSockets without a network: a test is the other end of each, and says what becomes of it. Knows no envelopes.
import type { WebSocketLike } from "../../src/client/socket.ts";

/** `half-open`: the other end is gone and nobody was told. */
type Link = "connecting" | "open" | "half-open" | "closing" | "closed";

/** A WebSocket whose other end is the test. */
export class SimulatedSocket implements WebSocketLike {
  onopen: ((event: never) => unknown) | null = null;
  onmessage: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  bufferedAmount = 0;
  readonly url: string;
  readonly protocols: readonly string[] | undefined;
  /** What has arrived at the other end, as text. */
  readonly received: string[] = [];
  /** What this end was closed with. */
  closedWith: readonly [code: number | undefined, reason: string | undefined] | undefined;
  /** Called with each text that is sent. */
  onSend: (text: string) => void = () => {};
  /** Called when this end begins to close. */
  onClosing: () => void = () => {};
  link: Link = "connecting";

  constructor(url: string, protocols?: string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  get readyState(): number {
    return { connecting: 0, open: 1, "half-open": 1, closing: 2, closed: 3 }[this.link];
  }

  /** The events that have arrived, parsed. */
  get events(): { eventName: string; payload: unknown; headers?: { zap?: { id?: string; re?: string } } }[] {
    return this.received.map((text) => JSON.parse(text));
  }

  send(text: string): void {
    if (this.link === "connecting") throw new Error("InvalidStateError");
    this.onSend(text);
    if (this.link === "open") this.received.push(text);
  }

  close(code?: number, reason?: string): void {
    if (this.link === "closing" || this.link === "closed") return;
    const answers = this.link === "open";
    this.closedWith = [code, reason];
    this.link = "closing";
    this.onClosing();
    // The other end of an open link answers the Close; that of any other never will.
    if (answers) queueMicrotask(() => this.end(code ?? 1005, reason ?? ""));
  }

  /** The other end accepts the connection. */
  accept(): void {
    this.link = "open";
    this.#tell(this.onopen, {});
  }

  /** The other end sends a text, or something that is none. It may still arrive while this end is closing. */
  say(data: unknown): void {
    if (this.link === "open" || this.link === "closing") this.#tell(this.onmessage, { data });
  }

  /** The other end sends an event. */
  sayEvent(eventName: string, payload: unknown = null, headers?: unknown): void {
    this.say(JSON.stringify({ eventName, payload, headers }));
  }

  /** The connection ends: by a Close of the other end, or with 1006 because it is lost. */
  end(code = 1006, reason = ""): void {
    if (this.link === "closed") return;
    this.link = "closed";
    this.#tell(this.onclose, { code, reason });
  }

  #tell(handler: ((event: never) => unknown) | null, event: object): void {
    (handler as ((event: object) => unknown) | null)?.(event);
  }
}

/** All sockets that were opened. */
export class SimulatedNetwork {
  readonly sockets: SimulatedSocket[] = [];
  /** Called with each socket when it is opened. */
  onDial: (socket: SimulatedSocket) => void = () => {};
  readonly WebSocket: new (
    url: string,
    protocols?: string[],
  ) => SimulatedSocket;

  constructor() {
    const opened = (socket: SimulatedSocket) => {
      this.sockets.push(socket);
      this.onDial(socket);
    };
    this.WebSocket = class extends SimulatedSocket {
      constructor(url: string, protocols?: string[]) {
        if (!/^(wss?|https?):/.test(url)) throw new SyntaxError(`not a WebSocket address: ${url}`);
        super(url, protocols);
        opened(this);
      }
    };
  }

  /** The socket opened last. @throws when there is none */
  get last(): SimulatedSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("no socket was opened");
    return socket;
  }
}
