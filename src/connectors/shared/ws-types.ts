// The parts of `ws` and `node:http` that connectors use, described structurally: public types need nobody's typings.

/** A `ws` WebSocket, whoever accepted it. */
export interface WsSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  /** Negotiated extensions; empty without compression. */
  readonly extensions: string;
  send(text: string, callback: (error?: Error) => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
  ping(data: undefined, mask: undefined, callback: (error?: Error) => void): void;
  pong(data: Uint8Array, mask: undefined, callback: (error?: Error) => void): void;
  pause(): void;
  resume(): void;
  on(event: "message", listener: (this: WsSocket, data: { toString(): string }, isBinary: boolean) => void): unknown;
  on(event: "close", listener: (this: WsSocket, code: number, reason: { toString(): string }) => void): unknown;
  on(event: "ping" | "pong", listener: (this: WsSocket, data: Uint8Array) => void): unknown;
  on(event: "error", listener: (this: WsSocket, error: Error) => void): unknown;
}

/** The network socket below a WebSocket. */
export interface RawSocket {
  readonly writable: boolean;
  readonly destroyed: boolean;
  readonly remoteAddress?: string | undefined;
  readonly encrypted?: boolean | undefined;
  write(bytes: Uint8Array): boolean;
  end(text: string, callback?: () => void): unknown;
  destroy(): unknown;
  on(event: "error", listener: () => void): unknown;
  once(event: "drain" | "close", listener: () => void): unknown;
  off(event: "error" | "close", listener: () => void): unknown;
}

/** The HTTP request that asked for the upgrade. */
export interface UpgradeRequest {
  readonly url?: string | undefined;
  readonly method?: string | undefined;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly socket: RawSocket;
}
