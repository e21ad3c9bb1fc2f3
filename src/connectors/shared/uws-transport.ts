// A socket of uWebSockets.js as a transport: it is not to be touched once it has closed. Upgrades nothing.
import { type Outgoing, type Publisher, type Topics, type Transport, textOf } from "../../core/transport.ts";
import type { SendOutcome } from "../../protocol/contract-types.ts";

/** The part of a WebSocket of uWebSockets.js that is used here. Every one of its methods throws after the close. */
export interface UwsSocket<D> {
  getUserData(): D;
  /** 1: sent; 0: it waits; 2: dropped. */
  send(text: string, isBinary: boolean, compress: boolean): number;
  cork(callback: () => void): unknown;
  getBufferedAmount(): number;
  subscribe(topic: string): boolean;
  unsubscribe(topic: string): boolean;
  /** Sends a Close, and calls the close handler before it returns. */
  end(code: number, reason: Uint8Array): void;
  /** Cuts the socket, and calls the close handler before it returns. */
  close(): void;
  ping(): number;
}

/** The part of an app of uWebSockets.js that reaches all of its sockets. */
export interface UwsApp {
  publish(topic: string, text: string, isBinary: boolean, compress: boolean): boolean;
}

const encoder = new TextEncoder();

const publishers = new WeakMap<UwsApp, Publisher>();

/** One socket of uWebSockets.js. */
export class UwsTransport implements Transport {
  readonly topics?: Topics;
  /** Undefined once it has closed. */
  #socket: Pick<UwsSocket<unknown>, Exclude<keyof UwsSocket<unknown>, "getUserData">> | undefined;
  readonly #subscribed = new Set<string>();

  /** @param app - Where it is known, rooms are topics of it. */
  constructor(socket: UwsSocket<never>, app: UwsApp | undefined) {
    this.#socket = socket;
    if (app === undefined) return;
    this.topics = {
      publisher: publisherOf(app),
      subscribe: (topic) => {
        if (this.#socket?.subscribe(topic)) this.#subscribed.add(topic);
      },
      unsubscribe: (topic) => {
        if (this.#subscribed.delete(topic)) this.#socket?.unsubscribe(topic);
      },
    };
  }

  send(outgoing: Outgoing): SendOutcome {
    const status = this.#socket?.send(textOf(outgoing), false, false);
    return status === 1 ? "sent" : status === 0 ? "queued" : "dropped";
  }

  sendAll(outgoing: readonly Outgoing[]): SendOutcome {
    let last: SendOutcome = "dropped";
    this.#socket?.cork(() => {
      for (const one of outgoing) last = this.send(one);
    });
    return last;
  }

  bufferedAmount(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  close(code: number, reason: string): void {
    // Nothing may be published to a connection that is being closed.
    for (const topic of this.#subscribed) this.topics?.unsubscribe(topic);
    // Half a character in a text would leave as bytes that no Close may have.
    this.#socket?.end(code, encoder.encode(reason));
  }

  terminate(): void {
    this.#socket?.close();
  }

  ping(): void {
    this.#socket?.ping();
  }

  /** The socket has closed. */
  closed(): void {
    this.#socket = undefined;
  }
}

function publisherOf(app: UwsApp): Publisher {
  const known = publishers.get(app);
  if (known !== undefined) return known;
  const publisher: Publisher = { publish: (topic, text) => void app.publish(topic, text, false, false) };
  publishers.set(app, publisher);
  return publisher;
}
