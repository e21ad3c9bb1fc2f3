// What a tab's client holds for its WebSocket: really one where the tab leads, and the leading tab's where it does not.
// Knows neither.
import type { WebSocketLike } from "../socket.ts";

/** What is behind a socket. */
export interface Line {
  /** As WebSockets tell it, once it is open. */
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly send: (text: string) => void;
  readonly close: (code?: number, reason?: string) => void;
}

/** Puts a line behind a new socket. @throws What the constructor of a WebSocket throws. */
export type Dial = (socket: TabSocket, url: string, protocols: string[] | undefined) => void;

/** A socket that is told what happens behind it. */
export class TabSocket implements WebSocketLike {
  onopen: ((event: never) => unknown) | null = null;
  onmessage: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  line: Line | undefined;
  #readyState = 0;

  constructor(dial: Dial, url: string, protocols: string[] | undefined) {
    dial(this, url, protocols);
  }

  get readyState(): number {
    // What is behind an open one may know already that it is closing.
    return this.#readyState === 1 ? (this.line?.readyState ?? 1) : this.#readyState;
  }

  get bufferedAmount(): number {
    return this.line?.bufferedAmount ?? 0;
  }

  send(text: string): void {
    if (this.readyState === 1) this.line?.send(text);
  }

  close(code?: number, reason?: string): void {
    if (this.#readyState > 1) return;
    this.#readyState = 2;
    this.line?.close(code, reason);
  }

  opened(): void {
    if (this.#readyState !== 0) return;
    this.#readyState = 1;
    tell(this.onopen, {});
  }

  /** A frame came. */
  said(data: unknown): void {
    if (this.#readyState === 1) tell(this.onmessage, { data });
  }

  ended(code: number, reason: string): void {
    if (this.#readyState === 3) return;
    this.#readyState = 3;
    tell(this.onclose, { code, reason });
  }
}

function tell(handler: ((event: never) => unknown) | null, event: object): void {
  (handler as ((event: object) => unknown) | null)?.(event);
}
