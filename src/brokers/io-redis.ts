// Links to Redis through the package `ioredis` (5.9 and later): a client, also by Sentinels, and a Cluster.
import { LINK_TIMEOUT_MS, type LinkEvents, type RedisClient, type RedisLibrary, type RedisLink } from "./redis-link.ts";

/** The parts of its clients that are used. */
interface IoRedis {
  readonly isCluster: boolean;
  duplicate(overrides: object): IoRedis;
  connect(): Promise<unknown>;
  disconnect(): void;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  on(event: "message" | "smessage", listener: (channel: string, text: string) => void): unknown;
  publish(channel: string, text: string): Promise<unknown>;
  subscribe(...channels: readonly string[]): Promise<unknown>;
  unsubscribe(...channels: readonly string[]): Promise<unknown>;
  spublish(channel: string, text: string): Promise<unknown>;
  ssubscribe(...channels: readonly string[]): Promise<unknown>;
  sunsubscribe(...channels: readonly string[]): Promise<unknown>;
}

/** The same of a cluster, whose duplicates are made otherwise. */
interface IoCluster {
  duplicate(nodes: readonly [], overrides: object): IoRedis;
}

// Nothing is kept for a later connection and nothing sent twice: it resends what was unanswered unless told not to.
const SAFE = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  connectTimeout: LINK_TIMEOUT_MS,
  commandTimeout: LINK_TIMEOUT_MS,
  keyPrefix: "",
} as const;
const ONCE = { ...SAFE, retryStrategy: () => null } as const;
// The nodes of a cluster come and go, and its client knows how to follow them. When all are gone, it is over: one that
// comes back from there by itself has been seen without its subscriptions.
const CLUSTER = {
  clusterRetryStrategy: () => null,
  lazyConnect: true,
  enableOfflineQueue: false,
  shardedSubscribers: true,
  // What was on its way when a connection broke may have arrived.
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
  slotsRefreshTimeout: LINK_TIMEOUT_MS,
  keyPrefix: "",
  redisOptions: { ...SAFE, lazyConnect: false, enableOfflineQueue: true, autoResubscribe: true },
} as const;

/** Whether a client is of the package `ioredis`. */
export function isIoRedis(client: RedisClient): client is RedisClient & IoRedis {
  return "spublish" in client && "isCluster" in client;
}

/** Links like this client. It is not connected, and not used itself. */
export function ioRedis(client: IoRedis): RedisLibrary {
  const { isCluster } = client;
  const duplicate = () => {
    return isCluster ? (client as IoRedis & IoCluster).duplicate([], CLUSTER) : client.duplicate(ONCE);
  };
  return { isCluster, link: () => new IoRedisLink(duplicate()) };
}

/** Makes a client that is not connected. @throws When the package is not installed. */
export async function loadIoRedis(url: string | readonly string[]): Promise<RedisClient> {
  const { Cluster, Redis } = await import("ioredis");
  return typeof url === "string" ? new Redis(url, { lazyConnect: true }) : new Cluster(url, { lazyConnect: true });
}

class IoRedisLink implements RedisLink {
  readonly #client: IoRedis;

  constructor(client: IoRedis) {
    this.#client = client;
  }

  open(events: LinkEvents): Promise<unknown> {
    const client = this.#client;
    client.on(client.isCluster ? "smessage" : "message", (channel, text) => events.message(channel, text));
    client.on("error", (error) => {
      if (!client.isCluster) events.closed(error);
    });
    client.on("end", () => events.closed(new Error("the connection has ended")));
    return client.connect();
  }

  publish(channel: string, text: string): Promise<unknown> {
    return this.#client.isCluster ? this.#client.spublish(channel, text) : this.#client.publish(channel, text);
  }

  subscribe(channels: readonly string[]): Promise<unknown> {
    return this.#client.isCluster ? this.#client.ssubscribe(...channels) : this.#client.subscribe(...channels);
  }

  unsubscribe(channels: readonly string[]): Promise<unknown> {
    return this.#client.isCluster ? this.#client.sunsubscribe(...channels) : this.#client.unsubscribe(...channels);
  }

  close(): void {
    this.#client.disconnect();
  }
}
