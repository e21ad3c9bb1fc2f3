// Where the engine reports what an operator should know. The shape is pino's, so a pino logger fits as it is.
import { messageOf } from "../protocol/errors.ts";

/** A structured logger: fields first, then the message. */
export interface Logger {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

// UTF-16 code units of one line: room for a stack, not for whatever a peer puts into an error's text.
const LINE_LENGTH = 8_192;

// JSON escapes C0 only. The rest would still move a terminal's cursor, or break a line in some viewers.
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** One line on stderr for each report, control characters escaped, cut at 8,192 characters. */
export const stderrLogger: Logger = {
  warn: (fields, message) => console.warn(line(fields, message)),
  error: (fields, message) => console.error(line(fields, message)),
};

function line(fields: Readonly<Record<string, unknown>>, message: string): string {
  const text = `zaptools: ${message} ${textOf(fields)}`.replace(UNPRINTABLE, escaped);
  return text.length > LINE_LENGTH ? `${text.slice(0, LINE_LENGTH)}…` : text;
}

function textOf(fields: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(fields, printable);
  } catch {
    // Anything may have been thrown, a value with a cycle too: then each field says of itself what it can.
    return JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, messageOf(value)])));
  }
}

function printable(_key: string, value: unknown): unknown {
  if (value instanceof Error) return value.stack ?? messageOf(value);
  return typeof value === "bigint" || typeof value === "symbol" || typeof value === "function" ? String(value) : value;
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
