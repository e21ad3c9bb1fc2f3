// Links to Redis through the package `redis` (node-redis 5.9 and later): a client, a Sentinel, a Cluster.
import { LINK_TIMEOUT_MS, type LinkEvents, type RedisClient, type RedisLibrary, type RedisLink } from "./redis-link.ts";

type Listener = (text: string, channel: string) => void;

/** The parts of its clients that are used; those of a cluster have the sharded forms too. */
interface NodeRedis {
  duplicate(overrides: object): NodeRedis;
  connect(): Promise<unknown>;
  destroy(): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  publish(channel: string, text: string): Promise<unknown>;
  subscribe(channels: readonly string[], listener: Listener): Promise<unknown>;
  unsubscribe(channels: readonly string[], listener: Listener): Promise<unknown>;
  sPublish(channel: string, text: string): Promise<unknown>;
  sSubscribe(channels: readonly string[], listener: Listener): Promise<unknown>;
  sUnsubscribe(channels: readonly string[], listener: Listener): Promise<unknown>;
  readonly options?: { readonly socket?: object };
  /** Of clusters. */
  readonly masters?: unknown;
  readonly _options?: { readonly defaults?: { readonly socket?: object } };
  /** Of Sentinel clients. */
  readonly getSentinelNode?: unknown;
}

// Nothing is kept for a later connection and nothing sent twice; a link that is lost is replaced by another.
const ONCE = { reconnectStrategy: false, connectTimeout: LINK_TIMEOUT_MS } as const;
// What is never answered is found out by probes: a timer for each command would double what publishing costs.
const SAFE = { disableOfflineQueue: true, commandOptions: { timeout: 0 }, keyPrefix: undefined } as const;

/** Whether a client is of the package `redis`. */
export function isNodeRedis(client: RedisClient): client is RedisClient & NodeRedis {
  return "sPublish" in client || "getSentinelNode" in client;
}

/** Links like this client. It is not connected, and not used itself. */
export function nodeRedis(client: NodeRedis): RedisLibrary {
  const isCluster = Array.isArray(client.masters);
  const overrides = (): object => {
    if (isCluster) {
      const defaults = client._options?.defaults;
      // The nodes of a cluster come and go, and its client knows how to follow them.
      const socket = { ...defaults?.socket, connectTimeout: LINK_TIMEOUT_MS };
      return { defaults: { ...defaults, ...SAFE, socket }, ...SAFE };
    }
    // Without a connection of its own, commands of one moment are sent in any order.
    if (client.getSentinelNode !== undefined) return { ...SAFE, reserveClient: true };
    return { ...SAFE, socket: { ...client.options?.socket, ...ONCE } };
  };
  return { isCluster, link: () => new NodeRedisLink(client.duplicate(overrides()), isCluster, client) };
}

/** Makes a client that is not connected. @throws When the package is not installed. */
export async function loadNodeRedis(url: string | readonly string[]): Promise<RedisClient> {
  const { createClient, createCluster } = await import("redis");
  return typeof url === "string"
    ? createClient({ url })
    : createCluster({ rootNodes: url.map((one) => ({ url: one })) });
}

class NodeRedisLink implements RedisLink {
  readonly #client: NodeRedis;
  readonly #isSharded: boolean;
  readonly #isSelfHealing: boolean;
  #heard: Listener = () => {};

  constructor(client: NodeRedis, isSharded: boolean, { getSentinelNode }: NodeRedis) {
    this.#client = client;
    this.#isSharded = isSharded;
    this.#isSelfHealing = isSharded || getSentinelNode !== undefined;
  }

  open(events: LinkEvents): Promise<unknown> {
    this.#heard = (text, channel) => events.message(channel, text);
    this.#client.on("error", (error) => {
      if (!this.#isSelfHealing) events.closed(error);
    });
    this.#client.on("end", () => events.closed(new Error("the connection has ended")));
    return this.#client.connect();
  }

  publish(channel: string, text: string): Promise<unknown> {
    return this.#isSharded ? this.#client.sPublish(channel, text) : this.#client.publish(channel, text);
  }

  subscribe(channels: readonly string[]): Promise<unknown> {
    if (this.#isSharded) return this.#client.sSubscribe(channels, this.#heard);
    return this.#client.subscribe(channels, this.#heard);
  }

  unsubscribe(channels: readonly string[]): Promise<unknown> {
    if (this.#isSharded) return this.#client.sUnsubscribe(channels, this.#heard);
    return this.#client.unsubscribe(channels, this.#heard);
  }

  close(): void {
    settle(() => this.#client.destroy());
  }
}

/** Runs what may throw, or reject, because it has been done already. */
async function settle(end: () => unknown): Promise<void> {
  try {
    await end();
  } catch {
    // It is over in any case.
  }
}
