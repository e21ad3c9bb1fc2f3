// Runs a schema over a payload and reduces its issues to what a peer may see. Knows nothing of events.
import { isTypeOnly } from "./contract.ts";
import type { PayloadIssue } from "./contract-types.ts";
import type { SchemaIssue, SchemaResult, StandardSchema } from "./standard-schema.ts";

/** A payload that passed, or why it did not. */
export type Validated =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly PayloadIssue[] };

// A hostile payload can be wrong in thousands of places; the requester needs a few of them.
const ISSUES_SHOWN = 16;
const MESSAGE_LENGTH = 200;

/**
 * Validates `value`. Synchronous schemas cost no promise.
 *
 * @throws What the schema itself throws.
 */
export function validate(schema: StandardSchema, value: unknown): Validated | Promise<Validated> {
  if (isTypeOnly(schema)) return { value };
  const result = schema["~standard"].validate(value);
  return result instanceof Promise ? result.then(conclude) : conclude(result);
}

function conclude(result: SchemaResult<unknown>): Validated {
  if (result.issues === undefined) return result;
  return { issues: result.issues.slice(0, ISSUES_SHOWN).map(publicIssue) };
}

function publicIssue(issue: SchemaIssue): PayloadIssue {
  const path = (issue.path ?? []).map((segment) => {
    const key = typeof segment === "object" ? segment.key : segment;
    return typeof key === "number" ? key : String(key);
  });
  return { path, message: issue.message.slice(0, MESSAGE_LENGTH) };
}
