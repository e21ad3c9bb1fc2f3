// What goes wrong between nodes, with NATS.
import { brokerFailures } from "./failures.ts";
import { NO_NATS, natsServer } from "./servers.ts";

brokerFailures({
  name: "NATS",
  broker: "nats",
  missing: NO_NATS,
  kills: 20,
  startServer: () => natsServer(),
  listens: /SUB/,
});
