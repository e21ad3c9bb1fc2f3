// One node of a cluster of processes: serves the contract's application, says where, and leaves when it is asked to.

import { clusterBroker } from "../../../src/brokers/cluster.ts";
import { serve } from "../../../src/connectors/node.ts";
import { createNodeApp } from "../../contracts/node-app.ts";

const register = createNodeApp(clusterBroker());
const server = await serve(register, { port: 0, host: "127.0.0.1" });
await register.connections.cluster.ready();

process.on("message", async (message) => {
  if (message !== "leave") return;
  await server.close();
  await register.connections.cluster.leave();
  if (process.connected) process.disconnect();
});
// Not to outlive a test that was cut short.
process.on("disconnect", () => process.exit());
process.send?.({ url: server.url });
