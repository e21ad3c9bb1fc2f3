// What goes wrong between nodes, with processes of one machine.
import { brokerFailures } from "./failures.ts";

brokerFailures({
  name: "processes of one machine",
  broker: "cluster",
  missing: undefined,
  kills: 20,
  startServer: async () => undefined,
  listens: undefined,
});
