// Passes texts on between the processes of one machine. Runs in the process that started the others; knows no rooms.
import { atEndOfTick, type EndOfTick } from "../core/tick.ts";
import { type Order, readToHub, type ToNode, toNode } from "./cluster-wire.ts";

// UTF-16 code units that wait for one process. One that stands still must not fill the memory of all.
const MOST_WAITING = 33_554_432;

/** A process that was started with a channel: a worker of `node:cluster`, or what `fork()` of `node:child_process` gives. */
export interface WorkerProcess {
  send(message: object, ...rest: never[]): boolean;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "disconnect", listener: () => void): unknown;
}

/** Where the hub gives something to a node; calls `sent` when it has left. */
export type Deliver = (message: ToNode, sent: () => void) => void;

/** The hub of one machine. */
export class ClusterHub {
  readonly #nodes = new Map<string, HubNode>();
  readonly #listening = new Map<string, Set<HubNode>>();
  readonly #processes = new WeakSet<WorkerProcess>();

  /** Lets a process take part. Those of `node:cluster` do by themselves. Does nothing the second time. */
  add(process: WorkerProcess): void {
    if (this.#processes.has(process)) return;
    this.#processes.add(process);
    const own = new Set<string>();
    // The channel may be closed by now; whoever is at its other end is gone, and so is what was for it.
    const deliver: Deliver = (message, sent) => {
      const send = process.send as (message: object, handle: undefined, options: object, sent: () => void) => boolean;
      send.call(process, message, undefined, {}, sent);
    };
    process.on("message", (message) => {
      const read = readToHub(message);
      if (read === undefined) return;
      own.add(read.node);
      this.take(read.node, read.batch, read.orders, deliver);
    });
    process.on("disconnect", () => {
      for (const node of own) this.#gone(node);
    });
  }

  /** Does what a node asks for. */
  take(id: string, batch: number, orders: readonly Order[], deliver: Deliver): void {
    const node = this.#nodes.get(id) ?? new HubNode(id, deliver);
    this.#nodes.set(id, node);
    for (const order of orders) this.#do(node, order);
    node.done(batch);
  }

  #do(node: HubNode, order: Order): void {
    switch (order[0]) {
      case "publish":
        for (const listener of this.#listening.get(order[1]) ?? []) listener.text(order[1], order[2]);
        break;
      case "subscribe":
        for (const channel of order[1]) this.#subscribe(node, channel);
        break;
      case "unsubscribe":
        for (const channel of order[1]) this.#unsubscribe(node, channel);
        break;
      case "bye":
        this.#remove(node);
    }
  }

  #subscribe(node: HubNode, channel: string): void {
    node.channels.add(channel);
    const listening = this.#listening.get(channel) ?? new Set();
    this.#listening.set(channel, listening.add(node));
  }

  #unsubscribe(node: HubNode, channel: string): void {
    node.channels.delete(channel);
    const listening = this.#listening.get(channel);
    listening?.delete(node);
    if (listening?.size === 0) this.#listening.delete(channel);
  }

  #remove(node: HubNode): void {
    for (const channel of [...node.channels]) this.#unsubscribe(node, channel);
    this.#nodes.delete(node.id);
  }

  /** Its process has ended: the others need not find out by its silence. */
  #gone(id: string): void {
    const node = this.#nodes.get(id);
    if (node === undefined) return;
    this.#remove(node);
    for (const other of this.#nodes.values()) other.gone(id);
  }
}

/** A node, as the hub sees it: gets what happened in a tick in one go. */
class HubNode implements EndOfTick {
  readonly id: string;
  readonly channels = new Set<string>();
  readonly #deliver: Deliver;
  #texts: [string, string][] = [];
  #gone: string[] = [];
  #done = 0;
  #length = 0;
  #waiting = 0;
  #flush: "none" | "due" = "none";

  constructor(id: string, deliver: Deliver) {
    this.id = id;
    this.#deliver = deliver;
  }

  text(channel: string, text: string): void {
    if (this.#waiting + this.#length > MOST_WAITING) return;
    this.#texts.push([channel, text]);
    this.#length += text.length;
    this.#schedule();
  }

  gone(node: string): void {
    this.#gone.push(node);
    this.#schedule();
  }

  done(batch: number): void {
    this.#done = batch;
    this.#schedule();
  }

  flush(): void {
    const length = this.#length;
    const message = toNode(this.id, { done: this.#done, texts: this.#texts, gone: this.#gone });
    this.#flush = "none";
    this.#texts = [];
    this.#gone = [];
    this.#length = 0;
    this.#waiting += length;
    this.#deliver(message, () => {
      this.#waiting -= length;
    });
  }

  #schedule(): void {
    if (this.#flush === "due") return;
    this.#flush = "due";
    atEndOfTick(this);
  }
}
