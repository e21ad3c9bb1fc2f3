// The rooms of many machines through NATS, with `@nats-io/transport-node`.
import { invalidArgument } from "../protocol/errors.ts";
import type { BrokerOptions } from "./broker.ts";
import { type CarrierBroker, createBroker } from "./create-broker.ts";
import { NatsCarrier } from "./nats-carrier.ts";
import type { NatsConnection } from "./nats-types.ts";

export type { BrokerOptions } from "./broker.ts";
export type { CarrierBroker } from "./create-broker.ts";
export type { NatsConnection, NatsMsg, NatsSubscription } from "./nats-types.ts";

/** How a NATS broker is made: by `servers`, or with a `connection` of yours. */
export interface NatsBrokerOptions extends BrokerOptions {
  /** Where NATS is, such as `nats://localhost:4222`; several for a cluster. */
  readonly servers?: string | readonly string[];
  /** More for `connect` of `@nats-io/transport-node`, such as `{ user, pass }`; together with `servers`. */
  readonly options?: object;
  /**
   * A connection that you made. Make it as the broker would: `{ maxReconnectAttempts: -1, pingInterval: 10_000,
   * maxPingOut: 2, timeout: 2_000 }`; with its own settings a connection gives up after ten attempts. The broker makes
   * it reconnect when nothing comes back on it, and does not close it.
   */
  readonly connection?: NatsConnection;
}

// It comes back without end, and notices a dead link soon.
const SAFE = {
  maxReconnectAttempts: -1,
  reconnectTimeWait: 250,
  reconnectJitter: 500,
  reconnectJitterTLS: 500,
  pingInterval: 10_000,
  maxPingOut: 2,
  timeout: 2_000,
  ignoreAuthErrorAbort: true,
} as const;

/**
 * Joins the rooms of all nodes that use the same NATS. Uses plain subjects: no streams, nothing to set up.
 *
 * @throws {ZapError} `invalid_argument` for options that cannot be meant. Whether NATS can be reached is found out
 *   later, and again and again; see `onBrokerError`.
 *
 * @example
 * const register = new EventRegister(chat, { broker: natsBroker({ servers: "nats://localhost:4222" }) });
 */
export function natsBroker({ servers, connection, options: more, ...options }: NatsBrokerOptions): CarrierBroker {
  if ((servers === undefined) === (connection === undefined)) {
    throw invalidArgument("A NATS broker takes servers or a connection.");
  }
  const connect = async (): Promise<NatsConnection> => connection ?? (await load({ ...SAFE, ...more, servers }));
  const carrier = new NatsCarrier({ connect, isGiven: connection !== undefined, name: options.name ?? "zap" });
  return createBroker(carrier, options);
}

async function load(options: object): Promise<NatsConnection> {
  const { connect } = await import("@nats-io/transport-node");
  // Its types are its own; ours are the parts of them that are used.
  return (await connect(options)) as NatsConnection;
}
