// Between a register and a carrier: what is sent here becomes records, and records of others are delivered here, each
// once. Knows no broker by name, and no connection.
import type { Address, BrokerStats, LocalNode, NodeLink, NodeReply } from "../core/nodes.ts";
import type { Patience } from "../core/patience.ts";
import type { SendOutcome } from "../protocol/contract-types.ts";
import { brokerUnavailable, envelopeTooLarge, type ZapError } from "../protocol/errors.ts";
import { answerText, jsonOf } from "./answering.ts";
import type { Carrier, CarrierListener } from "./broker.ts";
import type { Channels } from "./channels.ts";
import { Inflow } from "./inflow.ts";
import { Outflow } from "./outflow.ts";
import { partsOf, Questions } from "./questions.ts";
import type { BrokerRecord, NodeState, RecordContent } from "./record.ts";
import { Roll } from "./roll.ts";
import { routeOf } from "./route.ts";
import { Subscriptions } from "./subscriptions.ts";
import { within } from "./within.ts";

const QUESTION_LENGTH = 524_288;
const GOODBYE_MS = 1_000;
const DONE: Promise<void> = Promise.resolve();

/** How a bridge is made. */
export interface BridgeOptions {
  readonly carrier: Carrier;
  readonly channels: Channels;
  /** The id of this node. */
  readonly node: string;
  readonly secret: string | undefined;
}

/** One register's way to the other nodes. */
export class Bridge implements NodeLink, CarrierListener {
  readonly id: string;
  readonly #local: LocalNode;
  readonly #carrier: Carrier;
  readonly #channels: Channels;
  readonly #outflow: Outflow;
  readonly #inflow: Inflow;
  readonly #subscriptions: Subscriptions;
  readonly #roll: Roll;
  readonly #questions: Questions;
  readonly #ready: Promise<void>;
  #settleReady: { readonly resolve: () => void; readonly reject: (error: ZapError) => void } | undefined;
  #state: "connecting" | "up" | "down" | "left" = "connecting";
  #failed = 0;
  #leaving: Promise<void> | undefined;

  constructor(local: LocalNode, { carrier, channels, node, secret }: BridgeOptions) {
    this.id = node;
    this.#local = local;
    this.#carrier = carrier;
    this.#channels = channels;
    this.#outflow = new Outflow(carrier, node, secret);
    this.#inflow = new Inflow({ node, secret, limits: local.limits });
    this.#subscriptions = new Subscriptions(carrier, local.clock);
    this.#questions = new Questions(local.clock);
    this.#roll = new Roll({
      clock: local.clock,
      say: (state, to) => this.#say(state, to),
      changed: (change) => {
        if (change.change !== "joined") this.#questions.gone(change.node);
        local.nodeChanged(change);
      },
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#ready.catch(ignore);
  }

  /** Begins to connect. */
  start(): this {
    this.#carrier.start(this.id, this);
    this.#carrier.subscribe([this.#channels.all, this.#channels.node(this.id)]).catch(ignore);
    return this;
  }

  get stats(): BrokerStats {
    const { received, refused } = this.#inflow;
    return { published: this.#outflow.published, received, failed: this.#failed, refused: new Map(refused) };
  }

  nodes(): readonly string[] {
    return this.#roll.nodes();
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  send(text: string, address: Address): void {
    const route = routeOf(address, this.#channels);
    if (route !== undefined) this.#publish(route.channels, route.content, text, address.volatile);
  }

  sendTo(id: string, text: string, patience: Patience): SendOutcome {
    if (this.#state !== "up") {
      // Only half of the way may be gone. But what is called dropped must not arrive.
      if (this.#state !== "left") this.#local.brokerFailed(brokerUnavailable("there is no connection"));
      return "dropped";
    }
    this.#publish([this.#channels.all], { kind: "to", id, ...patience }, text, patience.volatile);
    return "queued";
  }

  revoke(principalId: string): void {
    this.#publish([this.#channels.all], { kind: "revoke", id: principalId }, "");
  }

  entered(room: string): Promise<void> {
    return this.#state === "left" ? DONE : this.#subscriptions.want(this.#channels.room(room));
  }

  emptied(room: string): void {
    if (this.#state !== "left") this.#subscriptions.unwant(this.#channels.room(room));
  }

  async ask(question: string, body: unknown, timeoutMs: number): Promise<readonly NodeReply[]> {
    const text = jsonOf(question, body);
    if (text.length > QUESTION_LENGTH) throw envelopeTooLarge(question, QUESTION_LENGTH);
    return this.#questions.ask(this.#roll.nodes(), timeoutMs, (ask) =>
      this.#reported(this.#outflow.publish([this.#channels.all], { kind: "ask", ask, question }, text)),
    );
  }

  leave(): Promise<void> {
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  // ---- what the carrier tells ----

  receive(_channel: string, text: string): void {
    if (this.#state === "left") return;
    const record = this.#inflow.take(text);
    if (record !== undefined) this.#take(record);
  }

  up(): void {
    if (this.#state === "left") return;
    this.#state = "up";
    this.#subscriptions.isUp = true;
    this.#settleReady?.resolve();
    this.#roll.up();
  }

  down(error: unknown): void {
    if (this.#state === "left") return;
    this.#state = "down";
    this.#subscriptions.isUp = false;
    this.#roll.down();
    this.#local.brokerFailed(brokerUnavailable(error));
  }

  gone(node: string): void {
    this.#roll.gone(node);
  }

  // ---- inside ----

  #take({ node, content, body }: BrokerRecord): void {
    this.#roll.alive(node);
    switch (content.kind) {
      case "room":
        this.#local.deliver(body, content);
        break;
      case "all":
        this.#local.deliver(body, { ...content, rooms: undefined });
        break;
      case "to":
        this.#local.deliverTo(content.id, body, content);
        break;
      case "revoke":
        this.#local.revoke(content.id);
        break;
      case "node":
        this.#roll.heard(node, content.state);
        break;
      case "answer":
        this.#questions.answered(node, content, body);
        break;
      case "ask":
        this.#answer(node, content.ask, content.question, body);
    }
  }

  async #answer(to: string, re: number, question: string, text: string): Promise<void> {
    const { failed, body } = await answerText(() => this.#local.answer(question, JSON.parse(text), to));
    const parts = partsOf(body);
    for (const [part, partText] of parts.entries()) {
      this.#publish([this.#channels.node(to)], { kind: "answer", re, failed, part, parts: parts.length }, partText);
    }
  }

  #say(state: NodeState, to?: string): void {
    const channel = to === undefined ? this.#channels.all : this.#channels.node(to);
    this.#publish([channel], { kind: "node", state }, "");
  }

  #publish(channels: readonly string[], content: RecordContent, body: string, volatile = false): void {
    if (this.#state === "left") return;
    this.#reported(this.#outflow.publish(channels, content, body, volatile)).catch(ignore);
  }

  #reported(publishing: Promise<void>): Promise<void> {
    return publishing.catch((error: ZapError) => {
      this.#failed++;
      if (this.#state !== "left") this.#local.brokerFailed(error);
      throw error;
    });
  }

  async #leave(): Promise<void> {
    const goodbye = this.#outflow.publish([this.#channels.all], { kind: "node", state: "bye" }, "").catch(ignore);
    this.#state = "left";
    this.#settleReady?.reject(brokerUnavailable("this node has left"));
    this.#roll.stop();
    this.#questions.stop();
    await within(this.#local.clock, GOODBYE_MS, goodbye);
    await this.#carrier.stop();
  }
}

function ignore(): void {}
