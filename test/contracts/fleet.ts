// The nodes that a broker joins, as tests see them. Knows no broker.
import type { CarrierBroker } from "../../src/brokers/index.ts";
import type { NodeStatus } from "./node-app.ts";
import { Peer } from "./peer.ts";

/** A node that serves the contract's application. */
export interface FleetNode {
  readonly url: string;
  /** Has the node leave, and ends it. */
  stop(): Promise<void>;
}

/** One broker and the nodes that it joins. */
export interface Fleet {
  /** Starts a node; it may still have to find the others. */
  start(): Promise<FleetNode>;
  /** A broker for a program that is no node. */
  broker(): CarrierBroker;
  /** Puts any text on a channel, as a stranger would. */
  publish(channel: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when each of the nodes knows so many, itself among them. */
export async function known(nodes: readonly FleetNode[], count: number): Promise<void> {
  for (const { url } of nodes) {
    const peer = await Peer.open(url);
    while (((await peer.ask("status")) as NodeStatus).nodes.length !== count) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    peer.close();
  }
}
