// What goes wrong between nodes, with a Redis Cluster and ioredis.
import { brokerFailures } from "./failures.ts";
import { NO_REDIS, redisClusterServer } from "./servers.ts";

brokerFailures({
  name: "a Redis Cluster and ioredis",
  broker: "ioredis",
  missing: NO_REDIS,
  kills: 3,
  startServer: () => redisClusterServer(),
  listens: undefined,
});
