// The client libraries of brokers, as far as the tests use them; installed when they are not there. Connects to nothing.
import { ensureBrokerClients } from "../../scripts/toolchain.mjs";
import type { NatsConnection } from "../../src/brokers/nats.ts";

/** A client that is not connected. */
export interface Template {
  duplicate(...options: never[]): unknown;
}

/** The package `redis`. */
interface NodeRedis {
  createClient(options: object): Template;
  createCluster(options: object): Template;
  createSentinel(options: object): Template;
}

/** The package `ioredis`. */
interface IoRedis {
  readonly Redis: new (options: object) => Template;
  readonly Cluster: new (nodes: readonly object[], options: object) => Template;
}

/** The package `@nats-io/transport-node`. */
interface Nats {
  connect(options: object): Promise<NatsConnection>;
}

export const nodeRedis = (): Promise<NodeRedis> => load("redis");
export const ioRedis = (): Promise<IoRedis> => load("ioredis");
export const nats = (): Promise<Nats> => load("@nats-io/transport-node");

async function load<T>(name: string): Promise<T> {
  await ensureBrokerClients();
  // Not a literal: the types of these packages are not there on a machine that has not installed them.
  return await import(name);
}
