// One WebSocket from its opening to its end. Knows no envelopes, and nothing of a next one.

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

/** Who is told what happens to a socket. */
export interface SocketOwner {
  /** Whether the socket still matters. If not, nothing more is told. */
  readonly current: () => boolean;
  readonly opened: (socket: WebSocketLike) => void;
  /** A frame came: its text, or something else for a binary one. */
  readonly received: (data: unknown, socket: WebSocketLike) => void;
  /** It is over, by itself. Nothing follows. */
  readonly closed: (code: number, reason: string) => void;
}

/**
 * Opens a socket.
 *
 * @throws What the constructor throws: the address is none, or may not be used from here.
 */
export function openSocket(
  WebSocket: WebSocketConstructor,
  url: string,
  protocols: string[] | undefined,
  { current, opened, received, closed }: SocketOwner,
): WebSocketLike {
  const socket = new WebSocket(url, protocols);
  const when =
    <E>(handle: (event: E) => void) =>
    (event: E) => {
      if (current()) handle(event);
    };
  socket.onopen = when(() => opened(socket));
  socket.onmessage = when(({ data }: { readonly data: unknown }) => received(data, socket));
  // Some runtimes tell an abrupt loss as 0.
  socket.onclose = when(({ code, reason }: CloseEvent) => closed(code || 1006, reason));
  // An error is always followed by the close, which is what counts; but it must find a listener.
  socket.onerror = () => {};
  return socket;
}

/**
 * Sends, if the socket is open.
 *
 * @param most - Bytes that may wait before it. For answers: a server that asks and does not read gets no more of them.
 */
export function sendBy(socket: WebSocketLike | undefined, text: string, most: number = Number.POSITIVE_INFINITY): void {
  if (socket?.readyState === 1 && socket.bufferedAmount <= most) socket.send(text);
}
