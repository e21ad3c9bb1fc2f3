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
  opened(): void;
  /** A frame: its text, or something else for a binary one. */
  received(data: unknown): void;
  /** It is over, by itself. Nothing follows. */
  closed(code: number, reason: string): void;
}

/** One socket. */
export interface Socket {
  /** Bytes handed over that have not left; undefined when nothing can be sent. */
  buffered(): number | undefined;
  send(text: string): void;
  /** Closes it and stops listening: the owner hears no more. Resolves when it has closed. */
  leave(code?: number, reason?: string): Promise<void>;
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
  owner: SocketOwner,
): Socket {
  const socket = new WebSocket(url, protocols);
  let listening: SocketOwner | undefined = owner;
  const over = new Promise<void>((resolve) => {
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
      resolve();
      // Some runtimes tell an abrupt loss as 0.
      listening?.closed(code || 1006, reason);
    };
  });
  socket.onopen = () => listening?.opened();
  socket.onmessage = ({ data }: { readonly data: unknown }) => listening?.received(data);
  // An error is always followed by the close, which is what counts; but it must find a listener.
  socket.onerror = () => {};
  return {
    buffered: () => (socket.readyState === 1 ? socket.bufferedAmount : undefined),
    send: (text) => socket.send(text),
    leave(code, reason) {
      listening = undefined;
      socket.close(code, reason);
      return over;
    },
  };
}
