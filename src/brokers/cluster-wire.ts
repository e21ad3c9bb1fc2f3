// What a worker process and the hub in its parent say to each other over the runtime's own channel. Application and
// toolkit share that channel, so everything is looked at field by field. Sends nothing.

const MARK = "zaptools:cluster";

/** What a node asks of the hub; `batch` is acknowledged when all of it has been done. */
export interface ToHub {
  readonly mark: typeof MARK;
  /** The id of the node: a process may have several. */
  readonly node: string;
  readonly batch: number;
  readonly orders: readonly Order[];
}

/** One order to the hub. */
export type Order =
  | readonly ["hello"]
  | readonly ["publish", channel: string, text: string]
  | readonly ["subscribe" | "unsubscribe", channels: readonly string[]]
  | readonly ["bye"];

/** What the hub tells a node. */
export interface ToNode {
  readonly mark: typeof MARK;
  readonly node: string;
  /** The last batch that has been done. */
  readonly done: number;
  /** Texts by channel, in order. */
  readonly texts: readonly (readonly [channel: string, text: string])[];
  /** Nodes whose process has ended. */
  readonly gone: readonly string[];
}

/** Makes what a node sends. */
export function toHub(node: string, batch: number, orders: readonly Order[]): ToHub {
  return { mark: MARK, node, batch, orders };
}

/** Makes what the hub sends. */
export function toNode(node: string, news: Omit<ToNode, "mark" | "node">): ToNode {
  return { mark: MARK, node, ...news };
}

/** Reads what a worker sent; undefined when it is the application's, or garbage. */
export function readToHub(value: unknown): ToHub | undefined {
  if (!isMarked(value)) return undefined;
  const { mark, node, batch, orders } = value;
  if (typeof node !== "string" || typeof batch !== "number" || !isListOf(orders, isOrder)) return undefined;
  return { mark, node, batch, orders };
}

/** Reads what the hub sent to one node; undefined when it is for another, the application's, or garbage. */
export function readToNode(value: unknown, self: string): ToNode | undefined {
  if (!isMarked(value)) return undefined;
  const { mark, node, done, texts, gone } = value;
  if (node !== self || typeof done !== "number") return undefined;
  return isListOf(texts, isText) && isListOf(gone, isString) ? { mark, node, done, texts, gone } : undefined;
}

function isMarked(value: unknown): value is { readonly mark: typeof MARK; readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && "mark" in value && value.mark === MARK;
}

function isListOf<T>(value: unknown, isOne: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isOne);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isText(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every(isString);
}

function isOrder(value: unknown): value is Order {
  if (!Array.isArray(value)) return false;
  const [verb, first, second] = value;
  if (verb === "hello" || verb === "bye") return true;
  if (verb === "publish") return isString(first) && isString(second);
  return (verb === "subscribe" || verb === "unsubscribe") && isListOf(first, isString);
}
