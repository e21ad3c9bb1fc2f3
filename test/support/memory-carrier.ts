// A carrier that tests hold in their hands: it takes, refuses or hangs, and brings what a test says. Carries nothing.
import type { Carrier, CarrierListener } from "../../src/brokers/broker.ts";

/** The port of a broker, for tests of the bridge. */
export class MemoryCarrier implements Carrier {
  /** What was published, by channel. */
  readonly published: { readonly channel: string; readonly text: string }[] = [];
  /** What was asked for, in order. */
  readonly orders: string[] = [];
  readonly channels = new Set<string>();
  /** What becomes of what is published. */
  taking: "takes" | "refuses" | "hangs" = "takes";
  /** What becomes of subscriptions. */
  subscribing: "takes" | "hangs" = "takes";
  node = "";
  #listener: CarrierListener | undefined;

  start(node: string, listener: CarrierListener): void {
    this.node = node;
    this.#listener = listener;
  }

  get listener(): CarrierListener {
    if (this.#listener === undefined) throw new Error("not started");
    return this.#listener;
  }

  async publish(channel: string, text: string): Promise<void> {
    if (this.taking === "refuses") throw new Error("refused");
    this.published.push({ channel, text });
    if (this.taking === "hangs") await new Promise(() => {});
  }

  async subscribe(channels: readonly string[]): Promise<void> {
    this.orders.push(`subscribe ${channels.join(" ")}`);
    for (const channel of channels) this.channels.add(channel);
    if (this.subscribing === "hangs") await new Promise(() => {});
  }

  async unsubscribe(channels: readonly string[]): Promise<void> {
    this.orders.push(`unsubscribe ${channels.join(" ")}`);
    for (const channel of channels) this.channels.delete(channel);
  }

  async stop(): Promise<void> {
    this.orders.push("stop");
  }
}
