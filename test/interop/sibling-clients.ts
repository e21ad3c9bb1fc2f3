// Clients that tests drive: programs of other languages that obey lines of JSON, and one that keeps Dart's rules.
// Knows no server.
import { once } from "node:events";
import { WebSocket } from "ws";
import { Program } from "./program.ts";

/** An envelope as a client saw it. */
export interface Envelope {
  readonly eventName: string;
  readonly payload: unknown;
  readonly headers?: { readonly [name: string]: unknown } | null;
}

/** How a connection ended, as a client saw it. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** A client that is connected. */
export interface SiblingClient {
  /** What has come so far. */
  readonly got: readonly Envelope[];
  readonly closed: Promise<Ending>;
  /** Sends an event; without headers it writes what its language writes then. */
  send(eventName: string, payload: unknown, headers?: object): void;
  /** The first envelope that fits, whether it is here or comes later. */
  next(fits: (envelope: Envelope) => boolean): Promise<Envelope>;
  /** Closes as its language does when it is not told how. */
  close(): void;
  /** Ends it, whatever it is doing. */
  stop(): unknown;
}

interface Sight extends Envelope, Ending {
  readonly saw: "open" | "event" | "close";
}

/** A program that is told what to do and tells what it sees, in lines of JSON. */
export async function drivenClient(command: string, args: readonly string[], cwd?: string): Promise<SiblingClient> {
  const program = new Program(command, args, cwd);
  const sights = (said: readonly string[], saw: Sight["saw"]) =>
    said
      .filter((line) => line.startsWith('{"saw"'))
      .map((line): Sight => JSON.parse(line))
      .filter((sight) => sight.saw === saw);
  await program.until((said) => sights(said, "open")[0]);
  return {
    get got() {
      return sights(program.said, "event");
    },
    get closed() {
      return program.until((said) => sights(said, "close")[0]).then(({ code, reason }) => ({ code, reason }));
    },
    send: (eventName, payload, headers) => program.tell(JSON.stringify({ do: "send", eventName, payload, headers })),
    next: (fits) => program.until((said) => sights(said, "event").find(fits)),
    close: () => program.tell('{"do":"close"}'),
    stop: () => program.stop(),
  };
}

/**
 * What Dart's decoder makes of a frame, or what it throws: there has to be a name, and headers that are there have to be
 * a map.
 */
export function readAsDart(text: string): Envelope {
  const { eventName, payload = null, headers } = JSON.parse(text);
  if (typeof eventName !== "string") throw new TypeError("eventName key not found");
  const isMap = typeof (headers ?? {}) === "object" && !Array.isArray(headers);
  if (!isMap) throw new TypeError("headers are no Map<String, dynamic>");
  return { eventName, payload, headers: headers ?? {} };
}

/** A frame as Dart's client writes it: headers always and first, and a map. */
function writeAsDart(eventName: string, payload: unknown, headers: object = {}): string {
  return JSON.stringify({ headers, eventName, payload });
}

/** A plain WebSocket that writes and reads like the Dart sibling's client, and closes without a code like it. */
export async function dartLikeClient(url: string): Promise<SiblingClient> {
  const socket = new WebSocket(url);
  const got: Envelope[] = [];
  const waiting = new Set<() => void>();
  let failure: unknown;
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  socket.on("message", (data) => {
    try {
      got.push(readAsDart(data.toString()));
    } catch (error) {
      failure = error;
    }
    wake();
  });
  const closed = new Promise<Ending>((resolve) => {
    socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  closed.then(wake);
  await once(socket, "open");
  return {
    got,
    closed,
    send: (eventName, payload, headers) => socket.send(writeAsDart(eventName, payload, headers)),
    async next(fits) {
      for (;;) {
        const found = got.find(fits);
        if (failure !== undefined) throw failure;
        if (found !== undefined) return found;
        if (socket.readyState === WebSocket.CLOSED) throw new Error("It closed before that came.");
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
    close: () => socket.close(),
    stop: () => socket.terminate(),
  };
}
