// What the suite wants of a client, and clients that are programs of other languages and obey lines of JSON.
// Knows no server.
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
