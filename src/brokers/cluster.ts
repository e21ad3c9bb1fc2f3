// Carries between the processes of one machine, through the one that started them: no server is needed.
import cluster from "node:cluster";
import { systemClock } from "../core/system-clock.ts";
import { atEndOfTick, type EndOfTick } from "../core/tick.ts";
import type { BrokerOptions, Carrier, CarrierListener } from "./broker.ts";
import { ClusterHub } from "./cluster-hub.ts";
import { type Order, readToNode, type ToHub, type ToNode, toHub } from "./cluster-wire.ts";
import { type CarrierBroker, createBroker } from "./create-broker.ts";
import { within } from "./within.ts";

export type { ClusterHub, WorkerProcess } from "./cluster-hub.ts";
export type { CarrierBroker } from "./create-broker.ts";

const HELLO_MS = 1_000;
const GOODBYE_MS = 1_000;
const PATIENT_HELLOS = 3;
const NO_PARENT = "the process that started this one is gone";
const NO_HUB = "the process that started this one has no hub: call clusterHub() there";

let hub: ClusterHub | undefined;

/**
 * Passes on what the processes of this machine send each other. Call it once in the process that starts them: the
 * primary of `node:cluster`, whose workers take part by themselves, or whoever calls `fork()` of `node:child_process`,
 * which adds each child.
 *
 * @example
 * if (cluster.isPrimary) {
 *   clusterHub();
 *   for (let core = 0; core < availableParallelism(); core++) cluster.fork();
 * }
 */
export function clusterHub(): ClusterHub {
  if (hub === undefined) {
    const created = new ClusterHub();
    hub = created;
    cluster.on("fork", (worker) => created.add(worker));
    for (const worker of Object.values(cluster.workers ?? {})) if (worker !== undefined) created.add(worker);
  }
  return hub;
}

/**
 * Joins the rooms of the processes of one machine. Their parent has to call {@link clusterHub}. In the parent itself it
 * joins, too.
 *
 * @example
 * const register = new EventRegister(chat, { broker: clusterBroker() });
 */
export function clusterBroker(options: BrokerOptions = {}): CarrierBroker {
  return createBroker(new ClusterCarrier(channelToHub()), options);
}

/** The way to the hub, and back. */
interface HubChannel {
  /** Calls back when it has left, with an error when it could not. */
  send(message: ToHub, sent: (error: Error | null) => void): void;
  /** @returns A function that ends it. */
  listen(node: string, heard: (message: ToNode) => void, ended: () => void): () => void;
}

function channelToHub(): HubChannel {
  // A process may have both a parent and children; who has called clusterHub() has said what it is.
  return hub === undefined && typeof process.send === "function" ? parentChannel : localChannel();
}

const parentChannel: HubChannel = {
  send(message, sent) {
    // Where the parent is gone, there is nothing to send with any more.
    if (process.send === undefined) sent(new Error(NO_PARENT));
    else process.send(message, undefined, {}, sent);
  },
  listen(node, heard, ended) {
    const onMessage = (message: unknown) => {
      const read = readToNode(message, node);
      if (read !== undefined) heard(read);
    };
    process.on("message", onMessage);
    process.on("disconnect", ended);
    return () => {
      process.off("message", onMessage);
      process.off("disconnect", ended);
    };
  },
};

/** In the process that has the hub, nothing needs a channel. */
function localChannel(): HubChannel {
  const heard = new Map<string, (message: ToNode) => void>();
  return {
    send({ node, batch, orders }, sent) {
      clusterHub().take(node, batch, orders, (message, delivered) => {
        heard.get(message.node)?.(message);
        delivered();
      });
      sent(null);
    },
    listen(node, listener) {
      heard.set(node, listener);
      return () => heard.delete(node);
    },
  };
}

/** Orders that leave together, and are done together. */
interface Batch {
  readonly orders: Order[];
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class ClusterCarrier implements Carrier, EndOfTick {
  readonly #channel: HubChannel;
  readonly #channels = new Set<string>();
  /** What the hub has not done yet, in order; the last may still be filled. */
  readonly #batches = new Map<number, Batch>();
  #filling: Batch | undefined;
  #lastBatch = 0;
  #node = "";
  #listener: CarrierListener | undefined;
  #stopListening: () => void = ignore;
  #greeting: NodeJS.Timeout | undefined;
  #state: "greeting" | "up" | "ended" = "greeting";

  constructor(channel: HubChannel) {
    this.#channel = channel;
  }

  start(node: string, listener: CarrierListener): void {
    this.#node = node;
    this.#listener = listener;
    this.#stopListening = this.#channel.listen(
      node,
      (message) => this.#heard(message),
      () => this.#end(new Error(NO_PARENT)),
    );
    let hellos = 0;
    this.#order(["hello"]);
    this.#greeting = setInterval(() => {
      // Nobody has heard what was said before there was a hub.
      this.#order(["hello"]);
      this.#order(["subscribe", [...this.#channels]]);
      if (++hellos % PATIENT_HELLOS === 0) listener.down(new Error(NO_HUB));
    }, HELLO_MS);
  }

  publish(channel: string, text: string): Promise<void> {
    return this.#state === "up" ? this.#order(["publish", channel, text]) : Promise.reject(new Error(NO_HUB));
  }

  subscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#channels.add(channel);
    return this.#order(["subscribe", channels]);
  }

  unsubscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#channels.delete(channel);
    return this.#order(["unsubscribe", channels]);
  }

  async stop(): Promise<void> {
    const said = this.#order(["bye"]);
    this.flush();
    if (this.#state === "up") await within(systemClock, GOODBYE_MS, said);
    this.#end(new Error("this node has left"));
  }

  /** Sends the orders of a tick together. */
  flush(): void {
    const filled = this.#filling;
    if (filled === undefined) return;
    this.#filling = undefined;
    const batch = this.#lastBatch;
    this.#channel.send(toHub(this.#node, batch, filled.orders), (error) => {
      if (error === null) return;
      this.#batches.delete(batch);
      filled.reject(error);
    });
  }

  #order(order: Order): Promise<void> {
    if (this.#state === "ended") return Promise.reject(new Error(NO_PARENT));
    this.#filling ??= this.#open();
    this.#filling.orders.push(order);
    return this.#filling.done;
  }

  #open(): Batch {
    let [resolve, reject]: [() => void, (error: Error) => void] = [ignore, ignore];
    const done = new Promise<void>((fulfil, fail) => {
      [resolve, reject] = [fulfil, fail];
    });
    // Who ordered it hears of it; hellos are nobody's.
    done.catch(ignore);
    const batch = { orders: [], done, resolve, reject };
    this.#batches.set(++this.#lastBatch, batch);
    atEndOfTick(this);
    return batch;
  }

  #heard({ done, texts, gone }: ToNode): void {
    if (this.#state === "ended") return;
    for (const [number, batch] of this.#batches) {
      if (number > done) break;
      this.#batches.delete(number);
      batch.resolve();
    }
    if (this.#state === "greeting") {
      this.#state = "up";
      clearInterval(this.#greeting);
      this.#listener?.up();
    }
    for (const [channel, text] of texts) this.#listener?.receive(channel, text);
    for (const node of gone) this.#listener?.gone(node);
  }

  #end(error: Error): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    clearInterval(this.#greeting);
    this.#stopListening();
    for (const batch of this.#batches.values()) batch.reject(error);
    this.#batches.clear();
    this.#listener?.down(error);
  }
}

function ignore(): void {}
