// The part of Standard Schema v1 that is used here: any validator that follows it can describe an event.
// Structural on purpose, so that nobody needs the types of a validator they do not use.

/** A validator as of Standard Schema v1 (standardschema.dev): zod, valibot, arktype and others provide it. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    /** Validates `value`; a promise only where the schema has asynchronous parts. */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What validation came to: a value, or the issues that speak against it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One reason why a value was refused. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

// Structural inference instead of a constraint to StandardSchema: with some validators in a handler's return
// position the constraint makes TypeScript 6 and older give up (TS2589).

/** What a sender may give for a schema. */
export type InputOf<S> = S extends { readonly "~standard": infer P }
  ? P extends { readonly types?: infer T }
    ? NonNullable<T> extends { readonly input: infer I }
      ? I
      : unknown
    : unknown
  : never;

/** What a receiver gets from a schema. */
export type OutputOf<S> = S extends { readonly "~standard": infer P }
  ? P extends { readonly types?: infer T }
    ? NonNullable<T> extends { readonly output: infer O }
      ? O
      : unknown
    : unknown
  : never;
