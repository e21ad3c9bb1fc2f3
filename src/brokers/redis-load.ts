// Loads a library for Redis when the application has not made a client, and makes one. Connects to nothing.
import type { RedisClient } from "./redis-link.ts";

/** The parts of the packages that make clients. */
interface NodeRedisPackage {
  createClient(options: object): RedisClient;
  createCluster(options: object): RedisClient;
}
interface IoRedisPackage {
  readonly Redis: new (url: string, options: object) => RedisClient;
  readonly Cluster: new (urls: readonly string[], options: object) => RedisClient;
}

// Neither is a dependency: whoever uses this has one. So that bundlers do not look for both, they are no literals below.
const NODE_REDIS: string = "redis";
const IO_REDIS: string = "ioredis";

/**
 * Makes a client that is not connected.
 *
 * @throws When neither package is installed.
 */
export async function loadRedis(url: string | readonly string[]): Promise<RedisClient> {
  const nodeRedis: NodeRedisPackage | undefined = await load(NODE_REDIS);
  if (nodeRedis !== undefined) {
    if (typeof url === "string") return nodeRedis.createClient({ url });
    return nodeRedis.createCluster({ rootNodes: url.map((one) => ({ url: one })) });
  }
  const ioRedis: IoRedisPackage | undefined = await load(IO_REDIS);
  if (ioRedis === undefined) throw new Error("no library for Redis is installed: npm install redis, or ioredis");
  if (typeof url === "string") return new ioRedis.Redis(url, { lazyConnect: true });
  return new ioRedis.Cluster(url, { lazyConnect: true });
}

/** A package; undefined when it is not installed. What it really exports is its documentation's to say. */
async function load<T>(name: string): Promise<T | undefined> {
  try {
    return await import(name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
