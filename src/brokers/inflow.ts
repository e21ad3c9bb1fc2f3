// Judges what comes from a broker: only records of others, each once, whole and signed where they have to be, get
// through. Counts the rest, and delivers nothing.
import type { Limits } from "../protocol/limits.ts";
import { isEnvelopeText } from "./envelope-text.ts";
import { type BrokerRecord, readRecord } from "./record.ts";
import { SenderWindows } from "./sender-window.ts";
import { verified } from "./signature.ts";

// Signed records are taken for so long: senders are remembered longer, so none can be played back.
const FRESH_MS = 60_000;

/** What the incoming side of a node is for. */
export interface InflowOptions {
  /** The id of this node: its own records come back to it. */
  readonly node: string;
  readonly secret: string | undefined;
  readonly limits: Limits;
}

/** The incoming side of one node. */
export class Inflow {
  readonly #options: InflowOptions;
  readonly #windows = new SenderWindows();
  /** Records that got through. */
  received = 0;
  /** Those that did not, by reason. */
  readonly refused: Map<string, number> = new Map();

  constructor(options: InflowOptions) {
    this.#options = options;
  }

  /** The record a text stands for; undefined for an own one, one that was here before, and one that is refused. */
  take(text: string): BrokerRecord | undefined {
    const record = this.#judge(text);
    if (typeof record === "string") this.refused.set(record, (this.refused.get(record) ?? 0) + 1);
    else if (record !== undefined) {
      this.received++;
      return record;
    }
    return undefined;
  }

  #judge(text: string): BrokerRecord | string | undefined {
    const { node, secret, limits } = this.#options;
    const proven = secret === undefined ? text : verified(text, secret);
    if (proven === undefined) return "wrong signature";
    const record = readRecord(proven);
    if (typeof record === "string") return record;
    if (record.node === node) return undefined;
    if (secret !== undefined) {
      if (record.seq === undefined || record.at === undefined) return "not a record";
      if (Math.abs(Date.now() - record.at) > FRESH_MS) return "too old";
    }
    const { kind } = record.content;
    if ((kind === "room" || kind === "all" || kind === "to") && !isEnvelopeText(record.body, limits)) {
      return "not an envelope";
    }
    // Last, so that what is refused leaves no trace.
    return record.seq === undefined || this.#windows.accept(record.node, record.seq) ? record : "seen before";
  }
}
