// The rooms of many machines through Redis: `redis` or `ioredis`, one server, Sentinels or a Cluster.
import { describe, invalidArgument } from "../protocol/errors.ts";
import type { BrokerOptions } from "./broker.ts";
import { type CarrierBroker, createBroker } from "./create-broker.ts";
import { ioRedis, isIoRedis } from "./io-redis.ts";
import { isNodeRedis, nodeRedis } from "./node-redis.ts";
import { RedisCarrier } from "./redis-carrier.ts";
import type { RedisClient, RedisLibrary } from "./redis-link.ts";
import { loadRedis } from "./redis-load.ts";

export type { BrokerOptions } from "./broker.ts";
export type { CarrierBroker } from "./create-broker.ts";
export type { RedisClient } from "./redis-link.ts";

/** How a Redis broker is made: by `url`, or like a `client` of yours. */
export interface RedisBrokerOptions extends BrokerOptions {
  /**
   * Where Redis is, such as `redis://localhost:6379`; several for the nodes of a Redis Cluster. `redis` or `ioredis`,
   * whichever is installed, is loaded for it.
   */
  readonly url?: string | readonly string[];
  /**
   * A client of `redis` 5.9 or later or `ioredis` 5.9 or later, made for one server, Sentinels or a Cluster. Only its
   * settings are used: the broker makes two connections like it, and keeps them in its own way.
   */
  readonly client?: RedisClient;
  /**
   * In a Redis Cluster, over how many slots the channels are spread; the same on all nodes. 1 keeps the order between
   * rooms and for single connections, more spread the load, and keep the order within each room. Default: 1.
   */
  readonly shards?: number;
}

/**
 * Joins the rooms of all nodes that use the same Redis. Needs Redis 6 or later, for a Cluster 7.
 *
 * @throws {ZapError} `invalid_argument` for options that cannot be meant. Whether Redis can be reached is found out
 *   later, and again and again; see `onBrokerError`.
 *
 * @example
 * const register = new EventRegister(chat, { broker: redisBroker({ url: "redis://localhost:6379" }) });
 */
export function redisBroker({ url, client, shards = 1, ...options }: RedisBrokerOptions): CarrierBroker {
  if ((url === undefined) === (client === undefined)) throw invalidArgument("A Redis broker takes a url or a client.");
  if (!Number.isInteger(shards) || shards < 1) throw invalidArgument(`shards is 1 or more, not ${describe(shards)}.`);
  const library = client === undefined ? undefined : libraryOf(client);
  const load = async () => library ?? libraryOf(await loadRedis(url ?? ""));
  return createBroker(new RedisCarrier({ load, name: options.name ?? "zap", shards }), options);
}

function libraryOf(client: RedisClient): RedisLibrary {
  if (isIoRedis(client)) return ioRedis(client);
  if (isNodeRedis(client)) return nodeRedis(client);
  throw invalidArgument("This client is neither of the package redis nor of ioredis: pass one of these, or a url.");
}
