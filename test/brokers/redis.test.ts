// The broker contract over a real Redis, with both libraries, and over a Redis Cluster.
import { expect, it } from "vitest";
import { redisBroker } from "../../src/brokers/redis.ts";
import { brokerContract } from "../contracts/broker.ts";
import { type Fleet, known } from "../contracts/fleet.ts";
import { localNode } from "../contracts/local-node.ts";
import { Peer } from "../contracts/peer.ts";
import { notRun } from "../support/missing.ts";
import { ioRedis, nodeRedis, type Template } from "./libraries.ts";
import { NO_REDIS, REDIS_URL, redisCli, redisCluster, redisPublish, redisSentinel, redisServer } from "./servers.ts";

/** One Redis, and clients made by `template`. */
async function single(template: (port: number) => Promise<Template>): Promise<Fleet> {
  const server = await redisServer();
  const client = await template(server.port);
  return {
    start: () => localNode(redisBroker({ client })),
    broker: () => redisBroker({ client }),
    publish: async (channel, text) => void (await redisCli(server.port, ["PUBLISH", channel], text)),
    stop: () => server.stop(),
  };
}

/** One Redis that is found through a Sentinel, and clients made by `template`. */
async function sentinel(template: (port: number) => Promise<Template>): Promise<Fleet> {
  const server = await redisServer();
  const watcher = await redisSentinel(server.port);
  const client = await template(watcher.port);
  return {
    start: () => localNode(redisBroker({ client })),
    broker: () => redisBroker({ client }),
    publish: async (channel, text) => void (await redisCli(server.port, ["PUBLISH", channel], text)),
    stop: async () => {
      await watcher.stop();
      await server.stop();
    },
  };
}

/** Three masters, and clients made by `template`. */
async function cluster(template: (ports: readonly number[]) => Promise<Template>, shards: number) {
  const servers = await redisCluster();
  const client = await template(servers.map(({ port }) => port));
  const ports = servers.map(({ port }) => port);
  const [port = 0] = ports;
  return {
    ports,
    start: () => localNode(redisBroker({ client, shards })),
    broker: () => redisBroker({ client, shards }),
    publish: async (channel: string, text: string) => {
      const sharded = channel.replace(/^zap/, "{zap}");
      await redisCli(port, ["SPUBLISH", sharded], text);
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

const nodes = (ports: readonly number[]) => ports.map((port) => ({ host: "127.0.0.1", port }));

if (NO_REDIS !== undefined && REDIS_URL === undefined) {
  it("the broker contract holds over Redis", (context) => notRun(context, "the broker over Redis", NO_REDIS ?? ""));
} else if (NO_REDIS !== undefined && REDIS_URL !== undefined) {
  brokerContract("Redis at REDIS_URL", async () => {
    const client = (await nodeRedis()).createClient({ url: REDIS_URL });
    return {
      start: () => localNode(redisBroker({ client })),
      broker: () => redisBroker({ client }),
      publish: (channel, text) => redisPublish(REDIS_URL ?? "", channel, text),
      stop: async () => {},
    };
  });
  it("the broker contract holds over a Redis Cluster and behind a Sentinel", (context) =>
    notRun(context, "the broker over a Redis Cluster and behind a Sentinel", NO_REDIS ?? ""));
} else {
  brokerContract("Redis, with redis", () =>
    single(async (port) => (await nodeRedis()).createClient({ url: `redis://127.0.0.1:${port}` })),
  );
  brokerContract("Redis, with ioredis", () =>
    single(async (port) => new (await ioRedis()).Redis({ host: "127.0.0.1", port, lazyConnect: true })),
  );
  brokerContract("Redis behind a Sentinel, with redis", () =>
    sentinel(async (port) =>
      (await nodeRedis()).createSentinel({ name: "main", sentinelRootNodes: [{ host: "127.0.0.1", port }] }),
    ),
  );
  brokerContract("Redis behind a Sentinel, with ioredis", () =>
    sentinel(async (port) => {
      const sentinels = [{ host: "127.0.0.1", port }];
      return new (await ioRedis()).Redis({ sentinels, name: "main", lazyConnect: true });
    }),
  );
  brokerContract("Redis Cluster, with redis", () =>
    cluster(async (ports) => {
      const rootNodes = ports.map((port) => ({ url: `redis://127.0.0.1:${port}` }));
      return (await nodeRedis()).createCluster({ rootNodes });
    }, 1),
  );
  brokerContract("Redis Cluster, with ioredis", () =>
    cluster(async (ports) => new (await ioRedis()).Cluster(nodes(ports), { lazyConnect: true }), 1),
  );

  it.each(["redis", "ioredis"])(
    "a Redis Cluster carries rooms on all its masters when there are 64 shards, with %s",
    {
      timeout: 60_000,
    },
    async (library) => {
      const fleet = await cluster(async (ports) => {
        const rootNodes = ports.map((port) => ({ url: `redis://127.0.0.1:${port}` }));
        if (library === "redis") return (await nodeRedis()).createCluster({ rootNodes });
        return new (await ioRedis()).Cluster(nodes(ports), { lazyConnect: true });
      }, 64);
      const [one, other] = await Promise.all([fleet.start(), fleet.start()]);
      await known([one, other], 2);
      const [sender, receiver] = await Promise.all([Peer.open(one.url), Peer.open(other.url)]);
      for (let room = 0; room < 90; room++) await receiver.ask("join", { room: `r${room}` });
      for (let room = 0; room < 90; room++) await sender.ask("room:send", { room: `r${room}`, event: `for ${room}` });
      for (let room = 0; room < 90; room++) await receiver.event(`for ${room}`);
      expect(receiver.names().filter((name) => name.startsWith("for "))).toHaveLength(90);
      for (const port of fleet.ports) {
        const subscribed = (await redisCli(port, ["PUBSUB", "SHARDCHANNELS"])).trim().split("\n");
        expect(subscribed.length).toBeGreaterThan(10);
      }
      for (const peer of [sender, receiver]) peer.close();
      await Promise.all([one.stop(), other.stop()]);
      await fleet.stop();
    },
  );
}
