// A node of a fleet in this process: the contract's application, served at a free port.
import { serve } from "../../src/connectors/node.ts";
import type { Broker } from "../../src/index.ts";
import type { FleetNode } from "./fleet.ts";
import { createNodeApp } from "./node-app.ts";

/** Starts a node with this broker; resolves when it is connected. */
export async function localNode(broker: Broker): Promise<FleetNode> {
  const register = createNodeApp(broker);
  const server = await serve(register, { port: 0, host: "127.0.0.1" });
  await register.connections.cluster.ready();
  return {
    url: server.url,
    async stop() {
      await server.close();
      await register.connections.cluster.leave();
    },
  };
}
