// A socket of Bun's server as a transport. Knows nothing of how it was upgraded.

import { type Outgoing, type Publisher, type Topics, type Transport, textOf } from "../../core/transport.ts";
import type { SendOutcome } from "../../protocol/contract-types.ts";

/** The part of Bun's `ServerWebSocket` that is used here. */
export interface BunSocket<D> {
  readonly data: D;
  readonly readyState: number;
  /** More than 0: bytes sent; -1: they wait; 0: dropped. */
  send(text: string, compress?: boolean): number;
  cork(callback: () => void): unknown;
  getBufferedAmount(): number;
  subscribe(topic: string): unknown;
  unsubscribe(topic: string): unknown;
  close(code?: number, reason?: string): void;
  terminate(): void;
  ping(): number;
  // Missing in older releases.
  pause?(): unknown;
  resume?(): unknown;
}

/** The part of Bun's `Server` that is used here. */
export interface BunServer<D> {
  upgrade(request: Request, options: { data: D; headers: Record<string, string> }): boolean;
  requestIP(request: Request): { readonly address: string } | null;
  publish(topic: string, text: string, compress?: boolean): number;
}

const OPEN = 1;

const publishers = new WeakMap<object, Publisher>();

/** One socket of `Bun.serve`. */
export class BunTransport<D> implements Transport, Topics {
  readonly #socket: BunSocket<D>;
  readonly publisher: Publisher;
  readonly pause?: () => void;
  readonly resume?: () => void;
  #subscribed: Set<string> | undefined;

  constructor(socket: BunSocket<D>, server: BunServer<D>) {
    this.#socket = socket;
    this.publisher = publisherOf(server);
    if (socket.pause === undefined) return;
    this.pause = () => void socket.pause?.();
    this.resume = () => void socket.resume?.();
  }

  get topics(): Topics {
    return this;
  }

  send(outgoing: Outgoing): SendOutcome {
    if (this.#socket.readyState !== OPEN) return "dropped";
    const status = this.#socket.send(textOf(outgoing), false);
    return status > 0 ? "sent" : status < 0 ? "queued" : "dropped";
  }

  sendAll(outgoing: readonly Outgoing[]): SendOutcome {
    let last: SendOutcome = "sent";
    this.#socket.cork(() => {
      for (const one of outgoing) last = this.send(one);
    });
    return last;
  }

  bufferedAmount(): number {
    return this.#socket.getBufferedAmount();
  }

  subscribe(topic: string): void {
    this.#subscribed ??= new Set();
    this.#subscribed.add(topic);
    this.#socket.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    if (this.#subscribed?.delete(topic) && this.#socket.readyState === OPEN) this.#socket.unsubscribe(topic);
  }

  close(code: number, reason: string): void {
    // Nothing may be published to a connection that is being closed.
    for (const topic of this.#subscribed ?? []) this.unsubscribe(topic);
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  ping(): void {
    if (this.#socket.readyState === OPEN) this.#socket.ping();
  }
}

function publisherOf<D>(server: BunServer<D>): Publisher {
  const known = publishers.get(server);
  if (known !== undefined) return known;
  const publisher: Publisher = { publish: (topic, text) => void server.publish(topic, text, false) };
  publishers.set(server, publisher);
  return publisher;
}
