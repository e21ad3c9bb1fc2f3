// The broker contract over a real Redis, with both libraries, and over a Redis Cluster.
import { it } from "vitest";
import { redisBroker } from "../../src/brokers/redis.ts";
import { brokerContract, type Fleet } from "../contracts/broker.ts";
import { localNode } from "../contracts/local-node.ts";
import { notRun } from "../support/missing.ts";
import { ioRedis, nodeRedis, type Template } from "./libraries.ts";
import { NO_REDIS, redisCli, redisCluster, redisServer } from "./servers.ts";

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

/** Three masters, and clients made by `template`. */
async function cluster(template: (ports: readonly number[]) => Promise<Template>, shards: number): Promise<Fleet> {
  const servers = await redisCluster();
  const client = await template(servers.map(({ port }) => port));
  const [{ port } = { port: 0 }] = servers;
  return {
    start: () => localNode(redisBroker({ client, shards })),
    broker: () => redisBroker({ client, shards }),
    publish: async (channel, text) => {
      const sharded = channel.replace(/^zap/, "{zap}");
      await redisCli(port, ["SPUBLISH", sharded], text);
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

const nodes = (ports: readonly number[]) => ports.map((port) => ({ host: "127.0.0.1", port }));

if (NO_REDIS !== undefined) {
  it("the broker contract holds over Redis", (context) => notRun(context, "the broker over Redis", NO_REDIS ?? ""));
} else {
  brokerContract("Redis, with redis", () =>
    single(async (port) => (await nodeRedis()).createClient({ url: `redis://127.0.0.1:${port}` })),
  );
  brokerContract("Redis, with ioredis", () =>
    single(async (port) => new (await ioRedis()).Redis({ host: "127.0.0.1", port, lazyConnect: true })),
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
}
