// Makes a register's broker of a carrier. Knows neither.
import type { Broker, LocalNode, NodeLink } from "../core/nodes.ts";
import { brokerInUse, describe, invalidArgument } from "../protocol/errors.ts";
import { Bridge } from "./bridge.ts";
import type { BrokerOptions, Carrier } from "./broker.ts";
import { Channels } from "./channels.ts";

const NAME = /^[\w-]{1,64}$/;

/** A broker that carries through a {@link Carrier}; see {@link createBroker}. */
export class CarrierBroker implements Broker {
  readonly #carrier: Carrier;
  readonly #secret: string | undefined;
  readonly #node: string;
  readonly channels: Channels;
  #use: "free" | "taken" = "free";

  /** @throws {ZapError} `invalid_argument` for a name that cannot be part of a channel, and an empty secret. */
  constructor(carrier: Carrier, { name = "zap", node = "node", secret }: BrokerOptions) {
    if (!NAME.test(name))
      throw invalidArgument(`A broker's name is of letters, digits, - and _, not ${describe(name)}.`);
    if (!NAME.test(node)) throw invalidArgument(`A node's name is of letters, digits, - and _, not ${describe(node)}.`);
    if (secret === "") throw invalidArgument("A secret that is empty protects nothing: leave it out, or set one.");
    this.#carrier = carrier;
    this.#secret = secret;
    this.#node = `${node}-${crypto.randomUUID().slice(-12)}`;
    this.channels = new Channels(name);
  }

  connect(local: LocalNode): NodeLink {
    return new Bridge(local, { ...this.take(), channels: this.channels }).start();
  }

  /**
   * Takes the carrier for the one who will use it.
   *
   * @throws {ZapError} `broker_in_use` the second time.
   */
  take(): { readonly carrier: Carrier; readonly node: string; readonly secret: string | undefined } {
    if (this.#use === "taken") throw brokerInUse();
    this.#use = "taken";
    return { carrier: this.#carrier, node: this.#node, secret: this.#secret };
  }
}

/**
 * Makes a broker of a carrier of your own; the brokers that come along are made this way.
 *
 * @throws {ZapError} `invalid_argument` for options that cannot be meant.
 *
 * @example
 * new EventRegister(undefined, { broker: createBroker(new MyCarrier(), { name: "chat" }) });
 */
export function createBroker(carrier: Carrier, options: BrokerOptions = {}): CarrierBroker {
  return new CarrierBroker(carrier, options);
}
