// Reads the conformance vectors as their "about" says. Runs none.
import { readFileSync } from "node:fs";

/** A text, or the parts of one. */
export type Text = string | readonly (string | { readonly repeat: string; readonly times: number })[];

/** A payload and headers, themselves or as the text of their JSON. */
export interface Content {
  readonly payload?: unknown;
  readonly payloadText?: Text;
  readonly headers?: unknown;
  readonly headersText?: Text;
}

/** A frame that must be taken. */
export interface Accepted {
  readonly name: string;
  readonly from?: "client" | "server";
  readonly text: Text;
  readonly envelope: Content & {
    readonly eventName: string;
    readonly zap?: { readonly id?: string; readonly re?: string };
  };
}

/** A frame that must be refused. */
export interface Refused {
  readonly name: string;
  readonly from?: "client" | "server";
  /** Whether a client need not refuse it. */
  readonly clientMayTake?: boolean;
  readonly frame?: "text" | "binary";
  readonly text?: Text;
  readonly bytes?: string;
  readonly code: number;
  readonly reason: string;
}

/** An envelope and its text. */
export interface Encoded extends Content {
  readonly name: string;
  readonly eventName: string;
  readonly zap?: { readonly id?: string; readonly re?: string };
  readonly text: string;
}

/** What cannot be sent. */
export interface Unsendable extends Content {
  readonly name: string;
  readonly eventName: unknown;
  readonly error: string;
}

/** A close reason, and what is sent of it. */
export interface Reason {
  readonly name: string;
  readonly given: Text;
  readonly sent: Text;
}

/** What is known of a server's frame that is not given word by word. */
export interface Described {
  readonly eventName: string;
  readonly code?: string;
  readonly re?: string;
}

/** Frames there and back. */
export interface Conversation {
  readonly name: string;
  readonly steps: readonly ({ readonly client: string } | { readonly server: string | Described })[];
}

/** The file. */
export interface Vectors {
  readonly about: readonly string[];
  readonly version: number;
  readonly accepted: readonly Accepted[];
  readonly refused: readonly Refused[];
  readonly encoded: readonly Encoded[];
  readonly unsendable: readonly Unsendable[];
  readonly reasons: readonly Reason[];
  readonly conversations: readonly Conversation[];
}

/** The vectors of this version of the protocol. */
export const vectors: Vectors = JSON.parse(readFileSync(new URL("./vectors.json", import.meta.url), "utf8"));

/** A text in one piece. */
export function textOf(text: Text): string {
  if (typeof text === "string") return text;
  return text.map((part) => (typeof part === "string" ? part : part.repeat.repeat(part.times))).join("");
}

/** The payload meant; undefined where there is none. */
export function payloadOf({ payload, payloadText }: Content): unknown {
  return payloadText === undefined ? payload : JSON.parse(textOf(payloadText));
}

/** The headers meant; undefined where there are none. */
export function headersOf({ headers, headersText }: Content): unknown {
  return headersText === undefined ? headers : JSON.parse(textOf(headersText));
}
