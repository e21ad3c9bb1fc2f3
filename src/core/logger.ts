// Where the engine reports what an operator should know. The shape is pino's, so a pino logger fits as it is.

/** A structured logger: fields first, then the message. */
export interface Logger {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** One line on stderr for each report, control characters escaped. */
export const stderrLogger: Logger = {
  warn: (fields, message) => console.warn(line(fields, message)),
  error: (fields, message) => console.error(line(fields, message)),
};

function line(fields: Readonly<Record<string, unknown>>, message: string): string {
  return `zaptools: ${message} ${JSON.stringify(fields, errorsAsText)}`;
}

function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? String(value)) : value;
}
