// Tells pages how the processes are, and kills one that a page names. Serves nothing else, and knows no WebSocket.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProcessStatus } from "./status.ts";

// What changes within this many milliseconds is told together.
const TOGETHER_MS = 50;

/** What is told of, and done to. */
export interface ControlOwner {
  status(): readonly ProcessStatus[];
  /** @returns Whether there is a process of this name. */
  kill(name: string): boolean;
}

/** The part of an HTTP server under `/cluster/`. */
export class Control {
  readonly #owner: ControlOwner;
  readonly #listening = new Set<ServerResponse>();
  #pending: NodeJS.Timeout | undefined;

  constructor(owner: ControlOwner) {
    this.#owner = owner;
  }

  /** Answers what is meant for it. @returns Whether it was. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/cluster/status" && request.method === "GET") this.#tell(response);
    else if (pathname === "/cluster/kill" && request.method === "POST") {
      // Other sites that are open in the same browser must not be able to do this.
      if (!isOwnPage(request)) response.writeHead(403).end();
      else response.writeHead(this.#owner.kill(searchParams.get("process") ?? "") ? 204 : 404).end();
    } else return false;
    return true;
  }

  /** Something has changed: whoever listens is told. */
  changed(): void {
    if (this.#pending !== undefined) return;
    this.#pending = setTimeout(() => {
      this.#pending = undefined;
      const event = this.#event();
      for (const response of this.#listening) response.write(event);
    }, TOGETHER_MS);
  }

  /** Ends what pages listen to. */
  close(): void {
    clearTimeout(this.#pending);
    for (const response of this.#listening) response.end();
  }

  /** Server-sent events (HTML Standard, section 9.2). */
  #tell(response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(this.#event());
    this.#listening.add(response);
    response.on("close", () => this.#listening.delete(response));
  }

  #event(): string {
    return `data: ${JSON.stringify(this.#owner.status())}\n\n`;
  }
}

function isOwnPage({ headers }: IncomingMessage): boolean {
  return headers.origin === `http://${headers.host}`;
}
