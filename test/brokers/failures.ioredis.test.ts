// What goes wrong between nodes, with ioredis.
import { brokerFailures } from "./failures.ts";
import { NO_REDIS, redisServer } from "./servers.ts";

brokerFailures({
  name: "ioredis",
  broker: "ioredis",
  missing: NO_REDIS,
  kills: 20,
  startServer: () => redisServer(),
  listens: /subscribe/i,
});
