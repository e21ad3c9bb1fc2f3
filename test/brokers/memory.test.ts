// The broker contract over registers of one process.
import { MemoryHub, memoryBroker } from "../../src/brokers/index.ts";
import { brokerContract } from "../contracts/broker.ts";
import { localNode } from "../contracts/local-node.ts";

brokerContract("memory", async () => {
  const hub = new MemoryHub();
  return {
    start: () => localNode(memoryBroker({ hub })),
    broker: () => memoryBroker({ hub }),
    publish: (channel, text) => hub.carry(channel, text),
    stop: async () => {},
  };
});
