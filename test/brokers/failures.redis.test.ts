// What goes wrong between nodes, with redis.
import { brokerFailures } from "./failures.ts";
import { NO_REDIS, redisServer } from "./servers.ts";

brokerFailures({
  name: "redis",
  broker: "redis",
  missing: NO_REDIS,
  kills: 20,
  startServer: () => redisServer(),
  listens: /subscribe/i,
});
