// One node in a process of its own, joined to others by the broker that its settings name. Serves the contract's
// application, says where, and leaves when it is asked to.

import { clusterBroker } from "../../../src/brokers/cluster.ts";
import { natsBroker } from "../../../src/brokers/nats.ts";
import { type RedisClient, redisBroker } from "../../../src/brokers/redis.ts";
import { serve } from "../../../src/connectors/node.ts";
import { createNodeApp } from "../../contracts/node-app.ts";

interface Settings {
  readonly broker: "cluster" | "redis" | "ioredis" | "nats";
  /** Several for the nodes of a Redis Cluster. */
  readonly url: string | readonly string[];
  /** Whether to wait for the broker before saying where. */
  readonly ready: boolean;
}

const settings: Settings = JSON.parse(process.argv[2] ?? "{}");
const { broker: kind, url, ready } = settings;

async function makeBroker() {
  if (kind === "cluster") return clusterBroker();
  if (kind === "redis") return redisBroker({ url });
  if (kind === "nats") return natsBroker({ servers: url });
  type Made = new (url: string | readonly string[], options: object) => RedisClient;
  // Not a literal: its types are there only where the tests have installed it.
  const name: string = "ioredis";
  const { Cluster, Redis }: { readonly Cluster: Made; readonly Redis: Made } = await import(name);
  const Client = typeof url === "string" ? Redis : Cluster;
  return redisBroker({ client: new Client(url, { lazyConnect: true }) });
}

const register = createNodeApp(await makeBroker());
const server = await serve(register, { port: 0, host: "127.0.0.1" });
if (ready) await register.connections.cluster.ready();

process.on("message", async (message) => {
  if (message !== "leave") return;
  await server.close();
  await register.connections.cluster.leave();
  if (process.connected) process.disconnect();
});
// Not to outlive a test that was cut short.
process.on("disconnect", () => process.exit());
process.send?.({ url: server.url });
