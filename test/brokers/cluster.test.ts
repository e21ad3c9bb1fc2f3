// The broker contract over processes of one machine. This process is the one that starts them, and has the hub.
import { afterAll } from "vitest";
import { clusterBroker, clusterHub } from "../../src/brokers/cluster.ts";
import { ROOT } from "../architecture/source-files.ts";
import { brokerContract } from "../contracts/broker.ts";
import { bundle } from "../support/bundle.ts";
import { processNode } from "./process-node.ts";

const program = bundle(`${ROOT}test/brokers/programs/broker-node.ts`);
afterAll(() => program.remove());

brokerContract("cluster", async () => {
  const hub = clusterHub();
  return {
    start: () => processNode(program.path, { broker: "cluster", ready: true }, (child) => hub.add(child)),
    broker: () => clusterBroker(),
    publish: async (channel, text) => hub.take("stranger", 1, [["publish", channel, text]], () => {}),
    stop: async () => {},
  };
});
