// Questions that other nodes have been asked, until each has answered, left, or let its time pass. Sends nothing.
import type { NodeReply } from "../core/nodes.ts";
import type { Clock } from "../protocol/clock.ts";
import { parseErrorReply } from "../protocol/reply.ts";

/** UTF-16 code units of one part of an answer, so that it fits where a broker limits what it carries to a megabyte. */
const PART_LENGTH = 262_144;
const MOST_PARTS = 256;

/** One part of an answer, as its record says. */
export interface AnswerPart {
  readonly re: number;
  readonly failed: boolean;
  readonly part: number;
  readonly parts: number;
}

interface Open {
  readonly waiting: Set<string>;
  readonly parts: Map<string, string[]>;
  readonly replies: Map<string, NodeReply>;
  readonly settle: () => void;
}

/** The open questions of one node. */
export class Questions {
  readonly #clock: Clock;
  readonly #open = new Map<number, Open>();
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Opens a question to `nodes`; `send` is called with its number, and is over when nobody can be asked. */
  ask(nodes: readonly string[], timeoutMs: number, send: (id: number) => Promise<void>): Promise<NodeReply[]> {
    if (nodes.length === 0) return Promise.resolve([]);
    const id = ++this.#last;
    return new Promise((resolve) => {
      const replies = new Map<string, NodeReply>();
      const settle = () => {
        if (!this.#open.delete(id)) return;
        cancel();
        resolve(nodes.flatMap((node) => replies.get(node) ?? { node, status: "silent" }));
      };
      const cancel = this.#clock.after(timeoutMs, settle);
      this.#open.set(id, { waiting: new Set(nodes), parts: new Map(), replies, settle });
      send(id).catch(settle);
    });
  }

  /** A part of an answer has come. What answers no open question is passed over. */
  answered(node: string, { re, failed, part, parts }: AnswerPart, text: string): void {
    const open = this.#open.get(re);
    if (open === undefined || !open.waiting.has(node) || parts > MOST_PARTS) return;
    const texts = open.parts.get(node) ?? [];
    open.parts.set(node, texts);
    if (texts.length !== part) return;
    texts.push(text);
    if (texts.length < parts) return;
    const reply = parse(texts.join(""));
    open.replies.set(
      node,
      failed ? { node, status: "failed", error: parseErrorReply(reply) } : { node, status: "answered", reply },
    );
    this.#settled(open, node);
  }

  /** A node is not there any more: nobody waits for it. */
  gone(node: string): void {
    for (const open of [...this.#open.values()]) this.#settled(open, node);
  }

  /** Ends all of them, with what is known. */
  stop(): void {
    for (const open of [...this.#open.values()]) open.settle();
  }

  #settled(open: Open, node: string): void {
    if (open.waiting.delete(node) && open.waiting.size === 0) open.settle();
  }
}

/** A long text in parts, none of which ends within a character. */
export function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length || parts.length === 0; ) {
    let end = Math.min(start + PART_LENGTH, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end--;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

/** What the text of an answer holds; one that is no JSON holds nothing. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
