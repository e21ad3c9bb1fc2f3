// Carries between registers of one process. For tests, and for applications that are to outgrow one process later.
import type { BrokerOptions, Carrier, CarrierListener } from "./broker.ts";
import { type CarrierBroker, createBroker } from "./create-broker.ts";

/** Where the registers meet that a memory broker joins. */
export class MemoryHub {
  readonly #carriers = new Set<MemoryCarrier>();

  /** For carriers. */
  add(carrier: MemoryCarrier): void {
    this.#carriers.add(carrier);
  }

  /** For carriers. */
  delete(carrier: MemoryCarrier): void {
    this.#carriers.delete(carrier);
  }

  /** For carriers: gives a text to all that listen, after what is going on now. */
  carry(channel: string, text: string): Promise<void> {
    return Promise.resolve().then(() => {
      for (const carrier of this.#carriers) carrier.hear(channel, text);
    });
  }
}

/** How a memory broker is made. */
export interface MemoryBrokerOptions extends BrokerOptions {
  /** Shared by all registers that are to be joined. Default: one of its own, which leaves the register alone. */
  readonly hub?: MemoryHub;
}

/**
 * Joins registers of one process. A register without a broker is the same as one alone, and cheaper.
 *
 * @example
 * const hub = new MemoryHub();
 * const chat = new EventRegister(undefined, { broker: memoryBroker({ hub }) });
 * const admin = new EventRegister(undefined, { broker: memoryBroker({ hub }) });
 */
export function memoryBroker({ hub = new MemoryHub(), ...options }: MemoryBrokerOptions = {}): CarrierBroker {
  return createBroker(new MemoryCarrier(hub), options);
}

class MemoryCarrier implements Carrier {
  readonly #hub: MemoryHub;
  readonly #channels = new Set<string>();
  #listener: CarrierListener | undefined;

  constructor(hub: MemoryHub) {
    this.#hub = hub;
  }

  start(_node: string, listener: CarrierListener): void {
    this.#listener = listener;
    this.#hub.add(this);
    // As with every other broker, nobody is there before the one who starts it has gone on.
    queueMicrotask(() => this.#listener?.up());
  }

  publish(channel: string, text: string): Promise<void> {
    return this.#hub.carry(channel, text);
  }

  async subscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#channels.add(channel);
  }

  async unsubscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#channels.delete(channel);
  }

  async stop(): Promise<void> {
    this.#hub.delete(this);
    this.#listener = undefined;
  }

  hear(channel: string, text: string): void {
    if (this.#channels.has(channel)) this.#listener?.receive(channel, text);
  }
}
