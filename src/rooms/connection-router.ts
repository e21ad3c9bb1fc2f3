// All live connections of one register: finds one, sends to one, sends to all. Opens and closes none.

import type {
  BroadcastArguments,
  BroadcastOptions,
  BroadcastResult,
  ConnectionSelector,
  Connections,
  ConnectionTable,
} from "../core/connections.ts";
import { failed, settled } from "../core/settled.ts";
import type { SharedText } from "../core/transport.ts";
import { type AnyConnection, linkOf, type WebSocketConnection } from "../core/websocket-connection.ts";
import { encode } from "../protocol/codec.ts";
import type { EventName, SendArguments, SendOutcome, SentPayload } from "../protocol/contract-types.ts";
import { duplicateId, reservedEventName } from "../protocol/errors.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import type { Limits } from "../protocol/limits.ts";
import { CONTROL_PREFIX } from "../protocol/names.ts";

/** The live connections of a register. */
export class ConnectionRouter<C, S> implements Connections<C, S>, ConnectionTable {
  readonly #limits: Limits;
  readonly #connections = new Map<string, WebSocketConnection<C, S>>();

  /** Routers are made by their register. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#connections.size;
  }

  get(id: string): WebSocketConnection<C, S> | undefined {
    return this.#connections.get(id);
  }

  all(): IterableIterator<WebSocketConnection<C, S>> {
    return this.#connections.values();
  }

  sendTo<K extends EventName<C, "serverToClient">>(
    id: string,
    eventName: K,
    ...rest: SendArguments<SentPayload<C, "serverToClient", K>>
  ): Promise<SendOutcome> {
    return this.#connections.get(id)?.send(eventName, ...rest) ?? settled("dropped");
  }

  broadcast<K extends EventName<C, "serverToClient">>(
    eventName: K,
    ...rest: BroadcastArguments<SentPayload<C, "serverToClient", K>, C, S>
  ): Promise<BroadcastResult>;
  broadcast(eventName: string, payload?: unknown, options: BroadcastOptions<C, S> = {}): Promise<BroadcastResult> {
    try {
      return Promise.resolve(this.#deliver(this.#share(eventName, payload, options.headers), options));
    } catch (error) {
      return failed(error);
    }
  }

  add(connection: AnyConnection): void {
    if (this.#connections.has(connection.id)) throw duplicateId(connection.id);
    // The register that made this router makes its connections, with its own contract and state.
    this.#connections.set(connection.id, connection as WebSocketConnection<C, S>);
  }

  remove(connection: AnyConnection): void {
    if (this.#connections.get(connection.id) === connection) this.#connections.delete(connection.id);
  }

  #share(eventName: string, payload: unknown, headers: EnvelopeHeaders | undefined): SharedText {
    if (typeof eventName === "string" && eventName.startsWith(CONTROL_PREFIX)) throw reservedEventName(eventName);
    return { text: encode(eventName, payload, headers, undefined, this.#limits), frame: undefined };
  }

  #deliver(shared: SharedText, options: BroadcastOptions<C, S>): BroadcastResult {
    const result = { sent: 0, queued: 0, dropped: 0 };
    const excluded = idsOf(options.exclude);
    const volatile = options.volatile === true;
    for (const connection of this.#connections.values()) {
      if (excluded?.has(connection.id)) continue;
      result[linkOf(connection).outbox.push(shared, volatile)]++;
    }
    return result;
  }
}

function idsOf<C, S>(selector: ConnectionSelector<C, S> | undefined): ReadonlySet<string> | undefined {
  if (selector === undefined) return undefined;
  const several = typeof selector === "object" && "length" in selector ? selector : [selector];
  return new Set(several.map((one) => (typeof one === "string" ? one : one.id)));
}
