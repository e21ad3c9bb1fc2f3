// The broker contract over a real NATS server.
import { it } from "vitest";
import { natsBroker } from "../../src/brokers/nats.ts";
import { brokerContract } from "../contracts/broker.ts";
import { localNode } from "../contracts/local-node.ts";
import { notRun } from "../support/missing.ts";
import { nats } from "./libraries.ts";
import { NATS_URL, NO_NATS, natsPublish, natsServer } from "./servers.ts";

if (NO_NATS !== undefined && NATS_URL === undefined) {
  it("the broker contract holds over NATS", (context) => notRun(context, "the broker over NATS", NO_NATS ?? ""));
} else {
  brokerContract("NATS", async () => {
    const server = NO_NATS === undefined ? await natsServer() : undefined;
    const url = server === undefined ? (NATS_URL ?? "") : `nats://127.0.0.1:${server.port}`;
    const { connect } = await nats();
    const connections: { close(): Promise<void> }[] = [];
    const broker = async () => {
      const connection = await connect({ servers: url, maxReconnectAttempts: -1 });
      connections.push(connection);
      return natsBroker({ connection });
    };
    const spare = await broker();
    return {
      start: async () => localNode(await broker()),
      broker: () => spare,
      publish: (channel, text) => natsPublish(url, channel, text),
      async stop() {
        for (const connection of connections) await connection.close();
        await server?.stop();
      },
    };
  });
}
