// The parts of a WHATWG WebSocket that connectors use, described structurally: Deno's, a Worker's, or one like them.

/** A WebSocket as of the WHATWG standard, at the server's end. One with `addEventListener`, or with `on…` alone. */
export interface WhatwgSocket {
  readonly readyState: number;
  /** Bytes that have not left yet; taken for 0 where it is missing. */
  readonly bufferedAmount?: number;
  binaryType?: string;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener?(type: string, listener: (event: object) => void): void;
}

/** What its events tell, by name: `message` has `data`, `close` has `code` and `reason`. */
export interface WhatwgEvent {
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
}
