// What goes wrong between nodes, with a Redis Cluster and redis.
import { brokerFailures } from "./failures.ts";
import { NO_REDIS, redisClusterServer } from "./servers.ts";

brokerFailures({
  name: "a Redis Cluster and redis",
  broker: "redis",
  missing: NO_REDIS,
  kills: 3,
  startServer: () => redisClusterServer(),
  listens: undefined,
});
