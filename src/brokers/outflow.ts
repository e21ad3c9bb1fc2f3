// Hands records to the carrier: numbers and signs them, and bounds how much may be on its way. Knows no rooms' members.
import { brokerOverloaded, brokerUnavailable } from "../protocol/errors.ts";
import type { Carrier } from "./broker.ts";
import { type RecordContent, writeRecord } from "./record.ts";
import { signed } from "./signature.ts";

// UTF-16 code units that a broker may leave untaken.
const SOFT_LIMIT = 1_048_576;
const HARD_LIMIT = 16_777_216;
const DONE: Promise<void> = Promise.resolve();

/** The outgoing side of one node, or of a program that is none. */
export class Outflow {
  readonly #carrier: Carrier;
  readonly #node: string;
  readonly #secret: string | undefined;
  #untaken = 0;
  #seq = 0;
  published = 0;

  constructor(carrier: Carrier, node: string, secret: string | undefined) {
    this.#carrier = carrier;
    this.#node = node;
    this.#secret = secret;
  }

  /**
   * Publishes one record on several channels; whoever hears more than one of them takes it once.
   *
   * @param isVolatile - Not worth waiting for: left out when much is on its way.
   * @throws {ZapError} Rejects with `broker_unavailable` or `broker_overloaded`.
   */
  publish(channels: readonly string[], content: RecordContent, body: string, isVolatile = false): Promise<void> {
    if (isVolatile && this.#untaken > SOFT_LIMIT) return DONE;
    const origin = { node: this.#node, seq: ++this.#seq, at: this.#secret === undefined ? undefined : Date.now() };
    const text = writeRecord(origin, content, body);
    const record = this.#secret === undefined ? text : signed(text, this.#secret);
    const [only] = channels;
    if (channels.length === 1 && only !== undefined) return this.#hand(only, record);
    return Promise.all(channels.map((channel) => this.#hand(channel, record))).then(ignore);
  }

  async #hand(channel: string, record: string): Promise<void> {
    if (this.#untaken + record.length > HARD_LIMIT) throw brokerOverloaded(HARD_LIMIT);
    this.#untaken += record.length;
    this.published++;
    try {
      await this.#carrier.publish(channel, record);
    } catch (cause) {
      throw brokerUnavailable(cause);
    } finally {
      this.#untaken -= record.length;
    }
  }
}

function ignore(): void {}
