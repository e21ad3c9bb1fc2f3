// Answers an upgrade that is not wanted, in plain HTTP. Knows nothing of why.
import { statusWithPhrase } from "./http-status.ts";
import type { RawSocket } from "./ws-types.ts";

const PLAIN_TEXT = "Content-Type: text/plain; charset=utf-8";

/** A refusal in HTTP. */
export interface HttpRefusal {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Text. */
  readonly body: string;
}

/** Nothing is accepted at the path that was asked for. */
export const NOTHING_HERE: HttpRefusal = { status: 404, headers: [], body: "There is no WebSocket at this path." };

/** Writes a response and ends the socket. */
export function refuseUpgrade(socket: RawSocket, { status, headers, body }: HttpRefusal): void {
  if (socket.destroyed || !socket.writable) return void socket.destroy();
  const head = [
    `HTTP/1.1 ${statusWithPhrase(status)}`,
    "Connection: close",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  if (!headers.some(([name]) => name.toLowerCase() === "content-type")) head.push(PLAIN_TEXT);
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
