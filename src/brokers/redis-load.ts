// Makes a client of Redis by the library that is installed, when the application has not made one. Connects to nothing.
import { loadIoRedis } from "./io-redis.ts";
import { loadNodeRedis } from "./node-redis.ts";
import type { RedisClient } from "./redis-link.ts";

/**
 * Makes a client that is not connected, for one server or, given several, for a Redis Cluster.
 *
 * @throws When neither library is installed.
 */
export async function loadRedis(url: string | readonly string[]): Promise<RedisClient> {
  const client = (await unlessMissing(loadNodeRedis(url))) ?? (await unlessMissing(loadIoRedis(url)));
  if (client === undefined) throw new Error("no library for Redis is installed: npm install redis, or ioredis");
  return client;
}

/** What was loaded; undefined when it is not installed. */
async function unlessMissing(loading: Promise<RedisClient>): Promise<RedisClient | undefined> {
  try {
    return await loading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
