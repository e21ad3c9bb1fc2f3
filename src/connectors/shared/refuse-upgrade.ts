// Answers an upgrade that is not wanted, in plain HTTP. Knows nothing of why.
import type { RawSocket } from "./ws-types.ts";

const PHRASES: ReadonlyMap<number, string> = new Map([
  [400, "Bad Request"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [429, "Too Many Requests"],
  [503, "Service Unavailable"],
]);

/** Writes a response with a line of text and ends the socket. */
export function refuseUpgrade(socket: RawSocket, status: number, text: string): void {
  if (socket.destroyed || !socket.writable) return void socket.destroy();
  const head = [
    `HTTP/1.1 ${status} ${PHRASES.get(status) ?? "Refused"}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`, () => socket.destroy());
}
