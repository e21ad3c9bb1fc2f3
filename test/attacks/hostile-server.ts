// A server that means harm to its clients: answers each upgrade, or not, with the bytes it is told to. Knows no client.
import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** What it does with somebody who asked for the upgrade. */
export type Welcome = (visitor: Visitor) => void;

/** One connection to it. */
export interface Visitor {
  readonly socket: Socket;
  /** The request, head and all. */
  readonly request: string;
  /** Accepts the upgrade, with header lines besides the usual ones. */
  accept(...headers: string[]): void;
}

/** One hostile server. */
export class HostileServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** When each visitor came, in milliseconds. */
  readonly visits: number[] = [];

  private constructor(welcome: Welcome) {
    this.#server = createServer((socket) => {
      this.visits.push(performance.now());
      this.#sockets.add(socket);
      socket.setNoDelay();
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
      let request = "";
      const read = (data: Buffer) => {
        request += data.toString("latin1");
        if (!request.includes("\r\n\r\n")) return;
        socket.off("data", read);
        // Reads on, so that it sees the end; who wants to be deaf pauses it.
        socket.resume();
        welcome({ socket, request, accept: (...headers) => socket.write(acceptance(request, headers)) });
      };
      socket.on("data", read);
    });
  }

  static async start(welcome: Welcome): Promise<HostileServer> {
    const server = new HostileServer(welcome);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws`;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

function acceptance(request: string, headers: readonly string[]): string {
  const key = /^sec-websocket-key: *(\S+)/im.exec(request)?.[1] ?? "";
  const accepted = createHash("sha1")
    .update(key + GUID)
    .digest("base64");
  const usual = ["Upgrade: websocket", "Connection: Upgrade"];
  if (!headers.some((header) => /^sec-websocket-accept:/i.test(header)))
    usual.push(`Sec-WebSocket-Accept: ${accepted}`);
  return ["HTTP/1.1 101 Switching Protocols", ...usual, ...headers, "", ""].join("\r\n");
}
