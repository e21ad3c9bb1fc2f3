// The nodes as users see them: who is there, and events from node to node. Without a broker it is a node alone.

import { callSite } from "../core/call-site.ts";
import type { BrokerStats, Cluster, NodeChange, NodeLink, NodeOptions, NodeReply } from "../core/nodes.ts";
import { duplicateHandler, invalidEventName, unknownEventError } from "../protocol/errors.ts";
import { isJsonObject } from "../protocol/headers.ts";
import { isEventName } from "../protocol/names.ts";
import { NODE_TIMEOUT_MS } from "./room-calls.ts";

/** What a node asks to raise an event on another. */
export const EVENT_QUESTION = "event";

const NOTHING_SENT: BrokerStats = { published: 0, received: 0, failed: 0, refused: new Map() };
const ALONE = "alone";

interface NodeHandler {
  readonly place: string;
  readonly handle: (payload: unknown, node: string) => unknown;
}

/** The cluster of one register. */
export class NodeCluster implements Cluster {
  readonly #nameLength: number;
  readonly #handlers = new Map<string, NodeHandler>();
  readonly #listeners = new Set<(change: NodeChange) => void>();
  #link: NodeLink | undefined;

  /** @param nameLength - UTF-16 code units of an event's name. */
  constructor(nameLength: number) {
    this.#nameLength = nameLength;
  }

  /** From now on there are other nodes. */
  connect(link: NodeLink): void {
    this.#link = link;
  }

  get id(): string {
    return this.#link?.id ?? ALONE;
  }

  get stats(): BrokerStats {
    return this.#link?.stats ?? NOTHING_SENT;
  }

  nodes(): string[] {
    return [this.id, ...(this.#link?.nodes() ?? [])];
  }

  ready(): Promise<void> {
    return this.#link?.ready() ?? Promise.resolve();
  }

  async emit<R>(
    eventName: string,
    payload?: unknown,
    { timeout = NODE_TIMEOUT_MS }: Pick<NodeOptions, "timeout"> = {},
  ): Promise<NodeReply<R>[]> {
    const replies = await this.#link?.ask(EVENT_QUESTION, { eventName, payload }, timeout);
    // What handlers answer is the application's; it says the type.
    return [...(replies ?? [])] as NodeReply<R>[];
  }

  onEvent(eventName: string, handle: NodeHandler["handle"]): () => void {
    if (!isEventName(eventName, this.#nameLength)) throw invalidEventName(eventName);
    const handler = { handle, place: callSite(this.onEvent) };
    const taken = this.#handlers.get(eventName);
    if (taken !== undefined) throw duplicateHandler(eventName, taken.place, handler.place);
    this.#handlers.set(eventName, handler);
    return () => {
      if (this.#handlers.get(eventName) === handler) this.#handlers.delete(eventName);
    };
  }

  onNode(listener: (change: NodeChange) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async leave(): Promise<void> {
    await this.#link?.leave();
  }

  /** Another node raised an event. @throws {ZapError} `unknown_event`, or what the handler threw. */
  answer(body: unknown, node: string): unknown {
    const { eventName, payload = null } = isJsonObject(body) ? body : {};
    const handler = this.#handlers.get(String(eventName));
    if (handler === undefined) throw unknownEventError(String(eventName));
    return handler.handle(payload, node);
  }

  /** Another node came or went. @throws What a listener threw. */
  changed(change: NodeChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
