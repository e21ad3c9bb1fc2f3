// What a register and whoever carries its events to other nodes know of each other: types only. A node is one register
// in one process; brokers/ has the carrying, rooms/ what is carried.
import type { Clock } from "../protocol/clock.ts";
import type { SendOutcome } from "../protocol/contract-types.ts";
import type { ZapError } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import type { Patience } from "./patience.ts";

/** For whom a text is, on whatever node they are. */
export interface Address extends Patience {
  /** Rooms by name; undefined for everyone. */
  readonly rooms: readonly string[] | undefined;
  /** Left out: connections by id, and all members of rooms by name. */
  readonly exclude: readonly string[];
  /** Left out: connections by id, whatever rooms are called. */
  readonly excludeIds: readonly string[];
}

/** What happened to another node: it came, it said goodbye, or it has not been heard of for too long. */
export interface NodeChange {
  readonly node: string;
  readonly change: "joined" | "left" | "died";
}

/** What another node answered to a question. */
export type NodeReply<R = unknown> =
  | { readonly node: string; readonly status: "answered"; readonly reply: R }
  | { readonly node: string; readonly status: "failed"; readonly error: ZapError }
  | { readonly node: string; readonly status: "silent" };

/** One register, as the broker sees it. Its rooms implement this. */
export interface LocalNode {
  readonly limits: Limits;
  readonly clock: Clock;
  /** Gives a text to the connections of this node that are meant. Frames it once. */
  deliver(text: string, address: Address): void;
  /** Gives a text to one connection, if it is here. */
  deliverTo(id: string, text: string, patience: Patience): void;
  /** Closes the connections of a principal. */
  revoke(principalId: string): void;
  /** Answers a question of another node. What it throws is told to that node as `ZapError`s are to a peer. */
  answer(question: string, body: unknown, from: string): unknown;
  /** Another node came or went. */
  nodeChanged(change: NodeChange): void;
  /** Something could not be sent to, or read from, the other nodes. Members here have got what was for them. */
  brokerFailed(error: ZapError): void;
}

/** What has gone over a broker since the register was made. */
export interface BrokerStats {
  /** Records handed to the broker. */
  readonly published: number;
  /** Records that other nodes or programs published and that were taken. */
  readonly received: number;
  /** Records that could not be handed over. */
  readonly failed: number;
  /** Records that were dropped on arrival, by reason. */
  readonly refused: ReadonlyMap<string, number>;
}

/** The other nodes, as a register sees them. None of its methods throws or waits, unless it says so. */
export interface NodeLink {
  /** The id of this node. */
  readonly id: string;
  readonly stats: BrokerStats;
  /** The other nodes that are known. */
  nodes(): readonly string[];
  /** Resolves when this node can send and receive; rejects when it has left before. */
  ready(): Promise<void>;
  /** Hands a text to the nodes on which somebody may be meant. */
  send(text: string, address: Address): void;
  /** Hands over a text for one connection, wherever it is: `queued`, or `dropped` when there is no way out. */
  sendTo(id: string, text: string, patience: Patience): SendOutcome;
  /** Has the other nodes close the connections of a principal. */
  revoke(principalId: string): void;
  /** A connection has joined a room. Resolves when what others send to it from then on arrives here. */
  entered(room: string): Promise<void>;
  /** The last member of a room has left. */
  emptied(room: string): void;
  /**
   * Asks all other nodes and waits until each has answered or left, at most so long.
   *
   * @throws {ZapError} Rejects with `unencodable_payload` or `envelope_too_large`; nobody has been asked then.
   */
  ask(question: string, body: unknown, timeoutMs: number): Promise<readonly NodeReply[]>;
  /** Says goodbye to the other nodes and lets go of everything. May be called again. */
  leave(): Promise<void>;
}

/**
 * Joins the rooms of several processes: the `broker` option of a register. `memoryBroker`, `clusterBroker`,
 * `redisBroker` and `natsBroker` make one; each is for one register.
 */
export interface Broker {
  /** Makes a register a node among others. */
  connect(local: LocalNode): NodeLink;
}

/** How many nodes are waited for, and how long. */
export interface NodeOptions {
  /** Milliseconds that other nodes may take to answer. Default: 2,000. */
  readonly timeout?: number;
  /** Stay on this node. Default: false. */
  readonly local?: boolean;
}

/** What an action on all nodes came to. */
export interface NodesResult {
  /** How many connections it was done to. */
  readonly connections: number;
  /** The nodes that did not answer in time: what they did is not known. */
  readonly silent: readonly string[];
}

/** The nodes that share the rooms of a register, this one among them. Without a broker it is alone. */
export interface Cluster {
  /** The id of this node: fresh with every start. */
  readonly id: string;
  /** What has gone over the broker. */
  readonly stats: BrokerStats;
  /** The nodes that are known to be there, this one first. */
  nodes(): string[];
  /** Resolves when this node can send to and receive from the others. Serving need not wait for it. */
  ready(): Promise<void>;
  /**
   * Raises an event on all other nodes and collects what their handlers return. The promise may be left alone.
   *
   * @param payload - Anything JSON can hold.
   * @returns One entry for each other node: `answered` with what the handler returned, `failed` with its error
   *   (`unknown_event` where there is no handler), or `silent`.
   * @throws {ZapError} Rejects with `unencodable_payload` or `envelope_too_large`; nobody has been told then.
   *
   * @example
   * const replies = await register.connections.cluster.emit("cache:clear", { key: "prices" });
   */
  emit<R = unknown>(
    eventName: string,
    payload?: unknown,
    options?: Pick<NodeOptions, "timeout">,
  ): Promise<NodeReply<R>[]>;
  /**
   * Handles an event that another node raised. What it returns, or resolves to, is the answer.
   *
   * @returns A function that takes the handler out again.
   * @throws {ZapError} `duplicate_handler` when the event has one; `invalid_event_name`.
   */
  onEvent(eventName: string, handler: (payload: unknown, node: string) => unknown): () => void;
  /** Told when another node joins, leaves or dies. @returns A function that ends it. */
  onNode(listener: (change: NodeChange) => void): () => void;
  /** Leaves the others and lets go of the broker, so that the process can exit. What is local works on. */
  leave(): Promise<void>;
}
