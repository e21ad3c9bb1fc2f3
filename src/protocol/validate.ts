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
const TEXT_LENGTH = 200;

/**
 * Validates `value`. Synchronous schemas cost no promise. A `null` that the schema refuses is tried as `undefined`: on
 * the wire they are one, so an optional payload has to take either.
 *
 * @throws What the schema itself throws.
 */
export function validate(schema: StandardSchema, value: unknown): Validated | Promise<Validated> {
  if (isTypeOnly(schema)) return { value };
  const outcome = check(schema, value);
  if (value !== null) return outcome;
  return outcome instanceof Promise ? outcome.then((one) => orAbsent(schema, one)) : orAbsent(schema, outcome);
}

function orAbsent(schema: StandardSchema, asNull: Validated): Validated | Promise<Validated> {
  if (asNull.issues === undefined) return asNull;
  const outcome = check(schema, undefined);
  const choose = (asAbsent: Validated) => (asAbsent.issues === undefined ? asAbsent : asNull);
  return outcome instanceof Promise ? outcome.then(choose) : choose(outcome);
}

function check(schema: StandardSchema, value: unknown): Validated | Promise<Validated> {
  const result = schema["~standard"].validate(value);
  // Whatever can be awaited: a promise of another library, taken for a result, would pass as one without issues.
  return "then" in result ? Promise.resolve(result).then(conclude) : conclude(result);
}

function conclude(result: SchemaResult<unknown>): Validated {
  if (result.issues === undefined) return result;
  return { issues: result.issues.slice(0, ISSUES_SHOWN).map(publicIssue) };
}

function publicIssue(issue: SchemaIssue): PayloadIssue {
  const path = (issue.path ?? []).map((segment) => {
    const key = typeof segment === "object" ? segment.key : segment;
    return typeof key === "number" ? key : String(key).slice(0, TEXT_LENGTH);
  });
  return { path, message: issue.message.slice(0, TEXT_LENGTH) };
}
