// A logger and an internal-error hook that keep what they are told.
import type { Logger } from "../../src/core/logger.ts";

/** What was logged, in order. */
export class MemoryLog implements Logger {
  readonly lines: {
    readonly level: "warn" | "error";
    readonly fields: Readonly<Record<string, unknown>>;
    readonly message: string;
  }[] = [];

  warn(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.lines.push({ level: "warn", fields, message });
  }

  error(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.lines.push({ level: "error", fields, message });
  }
}
