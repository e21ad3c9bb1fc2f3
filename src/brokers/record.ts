// What goes over a broker: one line of JSON about a text, and the text itself (PROTOCOL.md, "Between nodes"). Writes
// records, and reads what claims to be one field by field. Delivers nothing.
import type { Address } from "../core/nodes.ts";
import type { Patience } from "../core/patience.ts";
import { isJsonObject } from "../protocol/headers.ts";

/** The version of records. */
export const RECORD_VERSION = 1;

/** UTF-16 code units of the first line, and of all after it. */
const HEAD_LENGTH = 1_048_576;
const BODY_LENGTH = 1_048_576;
const ROOM_LENGTH = 512;
const ID_LENGTH = 512;
const NODE = /^[\w-]{1,96}$/;

/** What a record is for. Those about an envelope, `room`, `all` and `to`, may come from programs that are no node. */
export type RecordContent =
  | ({ readonly kind: "room"; readonly rooms: readonly string[] } & Delivery)
  | ({ readonly kind: "all" } & Delivery)
  | ({ readonly kind: "to"; readonly id: string } & Patience)
  | { readonly kind: "revoke"; readonly id: string }
  | { readonly kind: "ask"; readonly ask: number; readonly question: string }
  | {
      readonly kind: "answer";
      readonly re: number;
      readonly failed: boolean;
      readonly part: number;
      readonly parts: number;
    }
  | { readonly kind: "node"; readonly state: NodeState };

type Delivery = Omit<Address, "rooms">;

/** What a node says of itself: it has just come and wants to know who is there, it is there, it is going. */
export type NodeState = "new" | "here" | "bye";

/** Who published it. */
export interface RecordOrigin {
  readonly node: string;
  /** Grows with every record of its node; may be absent in records of other programs. */
  readonly seq: number | undefined;
  /** When it was published, in milliseconds since 1970; only where records are signed. */
  readonly at: number | undefined;
}

/** A record as it was read. */
export interface BrokerRecord extends RecordOrigin {
  readonly content: RecordContent;
  /** The text of an envelope, or JSON of a question or an answer. */
  readonly body: string;
}

/** Why a text is no record that can be taken. */
export type RecordRefusal = "not a record" | "another version" | "too large";

/** The text of a record. */
export function writeRecord(origin: RecordOrigin, content: RecordContent, body: string): string {
  const head: Record<string, unknown> = { v: RECORD_VERSION, ...origin };
  // What a reader would assume anyway is left out: most records exclude nobody.
  for (const [name, value] of Object.entries(content)) if (!isDefault(value)) head[name] = value;
  return `${JSON.stringify(head)}\n${body}`;
}

/** Reads a record. Fields it does not know are passed over. */
export function readRecord(text: string): BrokerRecord | RecordRefusal {
  const end = text.indexOf("\n");
  if (end === -1) return text.length > HEAD_LENGTH ? "too large" : "not a record";
  if (end > HEAD_LENGTH || text.length - end - 1 > BODY_LENGTH) return "too large";
  const head = parse(text.slice(0, end));
  if (!isJsonObject(head)) return "not a record";
  if (head.v !== RECORD_VERSION) return "another version";
  const { node, seq, at } = head;
  if (typeof node !== "string" || !NODE.test(node)) return "not a record";
  if (!(seq === undefined || isCount(seq)) || !(at === undefined || isCount(at))) return "not a record";
  const content = readContent(head);
  return content === undefined ? "not a record" : { node, seq, at, content, body: text.slice(end + 1) };
}

type Head = { readonly [key: string]: unknown };

function readContent(head: Head): RecordContent | undefined {
  const { kind, id, rooms, ask, question, re, failed = false, part, parts, state } = head;
  const { volatile = false, coalesce } = head;
  if (typeof volatile !== "boolean" || !(coalesce === undefined || isText(coalesce, ROOM_LENGTH))) return undefined;
  const patience = { volatile, coalesce };
  switch (kind) {
    case "room": {
      const delivery = readDelivery(head, patience);
      if (delivery === undefined || !isTexts(rooms, ROOM_LENGTH) || rooms.length === 0) return undefined;
      return { kind, rooms, ...delivery };
    }
    case "all": {
      const delivery = readDelivery(head, patience);
      return delivery && { kind, ...delivery };
    }
    case "to":
      return isText(id, ID_LENGTH) ? { kind, id, ...patience } : undefined;
    case "revoke":
      return isText(id, ID_LENGTH) ? { kind, id } : undefined;
    case "ask":
      return isCount(ask) && isText(question, ROOM_LENGTH) ? { kind, ask, question } : undefined;
    case "answer":
      if (!isCount(re) || typeof failed !== "boolean" || !isCount(part) || !isCount(parts)) return undefined;
      return part < parts ? { kind, re, failed, part, parts } : undefined;
    case "node":
      return state === "new" || state === "here" || state === "bye" ? { kind, state } : undefined;
    default:
      return undefined;
  }
}

function readDelivery({ exclude = [], excludeIds = [] }: Head, patience: Patience): Delivery | undefined {
  if (!isTexts(exclude, ID_LENGTH) || !isTexts(excludeIds, ID_LENGTH)) return undefined;
  return { exclude, excludeIds, ...patience };
}

function isDefault(value: unknown): boolean {
  return value === false || (Array.isArray(value) && value.length === 0);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isText(value: unknown, length: number): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= length;
}

function isTexts(value: unknown, length: number): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => isText(one, length));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
