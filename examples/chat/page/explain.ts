// Turns what went wrong into words for the one who did it. Knows the library's errors, no page.
import { ZapError } from "zaptools/client";

/** What went wrong, and where: in which field of the payload, or in none. */
export interface Explanation {
  readonly text: string;
  /** What is wrong with a field, by its name. */
  readonly fields: ReadonlyMap<string, string>;
}

const NO_FIELDS: ReadonlyMap<string, string> = new Map();

/** What the toolkit's own errors mean to somebody who chats; their texts are for programmers. */
const PLAIN_WORDS: ReadonlyMap<string, string> = new Map([
  ["disconnected", "The connection was lost on the way."],
  ["envelope_too_large", "That is far too long."],
  ["timeout", "The server did not answer in time."],
]);

/** Explains an error of a request. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof ZapError)) return { text: "That failed.", fields: NO_FIELDS };
  const plain = PLAIN_WORDS.get(error.code);
  if (plain !== undefined) return { text: plain, fields: NO_FIELDS };
  const issues = issuesOf(error.details);
  if (issues.length === 0) return { text: error.message, fields: NO_FIELDS };
  const fields = new Map(issues.map(({ field, message }) => [field, message] as const));
  return { text: issues.map(({ message }) => message).join(" "), fields };
}

/** The issues of `invalid_payload`. They came over the wire, so nothing about them is certain. */
function issuesOf(details: unknown): { readonly field: string; readonly message: string }[] {
  const issues: unknown = read(details, "issues");
  if (!Array.isArray(issues)) return [];
  return issues.flatMap((issue: unknown) => {
    const message = read(issue, "message");
    const path = read(issue, "path");
    return typeof message === "string" ? [{ field: Array.isArray(path) ? String(path[0]) : "", message }] : [];
  });
}

function read(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
