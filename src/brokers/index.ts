// What is common to all brokers, for those who test, emit from outside, or bring a broker of their own.
export type { Address, Broker, BrokerStats, LocalNode, NodeLink } from "../core/nodes.ts";
export type { BrokerOptions, Carrier, CarrierListener } from "./broker.ts";
export { type CarrierBroker, createBroker } from "./create-broker.ts";
export {
  createEmitter,
  type EmitArguments,
  type EmitOptions,
  type Emitter,
  type EmitterOptions,
  type EmitterSelection,
  type EmitterTarget,
} from "./emitter.ts";
export { type MemoryBrokerOptions, MemoryHub, memoryBroker } from "./memory.ts";
