// Passes WebSockets on to several servers: each new one to the server with the fewest, wherever the same page was
// before. Knows no WebSocket from inside, and starts nothing.
import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";

const UNAVAILABLE = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/** A server that connections are passed on to. */
export interface Backend {
  /** Whether there is any use in asking it. */
  readonly isAlive: boolean;
  readonly port: number;
}

/** Spreads connections. */
export class Balancer {
  readonly #backends: readonly Backend[];
  readonly #changed: () => void;
  readonly #sockets = new Map<Backend, Set<Socket>>();

  /** @param changed - Told whenever a connection has come or gone. */
  constructor(backends: readonly Backend[], changed: () => void) {
    this.#backends = backends;
    this.#changed = changed;
    for (const backend of backends) this.#sockets.set(backend, new Set());
  }

  /** How many connections a server has. */
  connectionsOf(backend: Backend): number {
    return this.#sockets.get(backend)?.size ?? 0;
  }

  /** Passes an upgrade on, as `upgrade` of an HTTP server hands it over. */
  pass(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on("error", ignore);
    socket.setNoDelay(true);
    this.#try(this.#byLoad(), request, socket, head);
  }

  #byLoad(): Backend[] {
    const alive = this.#backends.filter(({ isAlive }) => isAlive);
    return alive.sort((a, b) => this.connectionsOf(a) - this.connectionsOf(b));
  }

  /** A server that has just died refuses: then the next one is asked. Nothing has been sent until one is connected. */
  #try([backend, ...others]: readonly Backend[], request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (backend === undefined) {
      socket.end(UNAVAILABLE);
      return;
    }
    // Counted from now on, so that those who come at the same moment are spread, too.
    this.#count(backend, socket);
    const server = connect(backend.port, "127.0.0.1");
    const refused = () => {
      if (socket.destroyed) return;
      this.#discount(backend, socket);
      this.#try(others, request, socket, head);
    };
    server.once("error", refused);
    socket.once("close", () => {
      server.destroy();
      this.#discount(backend, socket);
    });
    server.once("connect", () => {
      server.off("error", refused);
      server.on("error", ignore);
      server.on("close", () => socket.destroy());
      server.setNoDelay(true);
      server.write(headOf(request, socket));
      server.write(head);
      socket.pipe(server).pipe(socket);
    });
  }

  #count(backend: Backend, socket: Socket): void {
    this.#sockets.get(backend)?.add(socket);
    this.#changed();
  }

  #discount(backend: Backend, socket: Socket): void {
    if (this.#sockets.get(backend)?.delete(socket)) this.#changed();
  }
}

/** The request as it came, and who it came from. */
function headOf({ method, url, rawHeaders }: IncomingMessage, { remoteAddress = "" }: Socket): string {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return [...lines, `X-Forwarded-For: ${remoteAddress}`, "", ""].join("\r\n");
}

function ignore(): void {}
