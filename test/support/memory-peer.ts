// A peer of a register, without a socket: text in, text out. The engine under it is the real one.
import type { Admitted } from "../../src/core/admission-verdict.ts";
import type { AnyProcessor } from "../../src/core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../../src/core/register-base.ts";
import type { Handshake } from "../../src/core/transport.ts";
import { MemoryTransport } from "./memory-transport.ts";

/** An envelope as it left. */
export interface Received {
  readonly eventName: string;
  readonly payload: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** Whether a peer answers a Close by itself. */
export type Manners = "answers" | "silent";

export const HANDSHAKE: Handshake = { url: "/ws", address: "192.0.2.1", headers: { get: () => null } };

/** Resolves when all that goes on by itself has gone on, and what was sent has been handed to its transport. */
export function flushed(): Promise<void> {
  return new Promise((resolve) => {
    // What runs before the first may send, which leaves before the second.
    setImmediate(() => setImmediate(resolve));
  });
}

/** A reply as it leaves. */
export const reply = (re: string, eventName: string, payload: unknown): Received => ({
  eventName,
  payload,
  headers: { zap: { re } },
});

/** A peer plugged into a register. */
export class MemoryPeer<P extends AnyProcessor & { readonly connection: unknown }> {
  readonly transport: MemoryTransport;
  readonly processor: P;

  constructor(
    register: Pluggable<P>,
    options: PlugOptions = {},
    manners: Manners = "answers",
    asking: Handshake | Admitted = HANDSHAKE,
  ) {
    this.transport = new MemoryTransport();
    this.processor = register.plug(this.transport, asking, options);
    if (manners === "silent") return;
    this.transport.onClose = (code, reason) => this.processor.closed(code, reason);
    // It may have been refused at once.
    const [ending] = this.transport.endings;
    if (typeof ending === "object") this.processor.closed(ending.code, ending.reason);
  }

  /** Starts the event stream and waits until `connected` has finished. */
  async start(): Promise<this> {
    this.processor.startEventStream();
    await flushed();
    return this;
  }

  /** The connection, as handlers of this register see it. */
  get connection(): P["connection"] {
    return this.processor.connection;
  }

  /** Sends one event. */
  say(eventName: string, payload: unknown = null, headers?: Readonly<Record<string, unknown>>): void {
    this.processor.receive(JSON.stringify({ eventName, payload, headers }));
  }

  /** Sends a request. */
  ask(id: string, eventName: string, payload: unknown = null): void {
    this.say(eventName, payload, { zap: { id } });
  }

  /** Answers a request of the server. */
  answer(re: string, eventName: string, payload: unknown): void {
    this.say(eventName, payload, { zap: { re } });
  }

  /** The socket has closed. */
  leave(code = 1000, reason = ""): void {
    this.processor.closed(code, reason);
  }

  /** The envelopes that have left so far. */
  get envelopes(): Received[] {
    return this.transport.texts.map((text) => JSON.parse(text));
  }
}
