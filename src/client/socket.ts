// What the client needs of a WebSocket. Types only; nothing of this exists at run time.

/** The part of the standard WebSocket that is used here. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** Anything that makes standard WebSockets. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;
