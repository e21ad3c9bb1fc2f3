// Keeps secrets out of the log: a logger around a logger. Knows how secrets are called and look, not where they come from.
import { BEARER_PREFIX } from "../protocol/control.ts";
import type { Logger } from "./logger.ts";

const MASK = "[masked]";

// Names of fields whose values nobody should read in a log.
const SECRET_NAME = /token|secret|password|passphrase|authorization|cookie|api[-_]?key|credential/i;

// Secrets inside of texts: the scheme stays, what follows does not.
const SECRET_TEXT = new RegExp(`(${BEARER_PREFIX.replaceAll(".", "\\.")}|\\bBearer +|\\bBasic +)[^\\s,;"']+`, "gi");

// Beyond this a field is no longer looked into: whoever logs that much masks it.
const DEPTH = 6;

/** A logger that passes on what it gets, with secrets masked: in fields by their name, in texts by how they look. */
export function masking(logger: Logger): Logger {
  return {
    warn: (fields, message) => logger.warn(masked(fields), message),
    error: (fields, message) => logger.error(masked(fields), message),
  };
}

function masked(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, maskField(name, value, DEPTH)]));
}

function maskField(name: string, value: unknown, depth: number): unknown {
  return SECRET_NAME.test(name) ? MASK : maskValue(value, depth);
}

function maskValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.replace(SECRET_TEXT, `$1${MASK}`);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return maskError(value);
  if (depth === 0) return MASK;
  if (Array.isArray(value)) return value.map((one) => maskValue(one, depth - 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, maskField(name, one, depth - 1)]);
  return Object.fromEntries(entries);
}

/** The error itself where it holds no secret: loggers show it better than any copy. */
function maskError(error: Error): unknown {
  const { message, stack = "" } = error;
  const said = { message: maskValue(message, 0), stack: maskValue(stack, 0) };
  if (said.message === message && said.stack === stack) return error;
  return Object.assign(Object.create(Object.getPrototypeOf(error)), { name: error.name, ...said });
}
