// Holding payloads against schemas, and what a peer may see of the outcome.
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { type } from "./contract.ts";
import type { SchemaResult, StandardSchema } from "./standard-schema.ts";
import { validate } from "./validate.ts";

/** A schema that comes to whatever a test says. */
const schemaOf = (run: (value: unknown) => unknown): StandardSchema => ({
  "~standard": { version: 1, vendor: "test", validate: (value) => run(value) as SchemaResult<unknown> },
});

describe("a payload that passes", () => {
  test("is what the schema made of it, at once", () => {
    const schema = v.pipe(
      v.string(),
      v.transform((text) => text.length),
    );
    expect(validate(schema, "four")).toMatchObject({ value: 4 });
  });

  test("is what the schema made of it, later", async () => {
    const schema = v.pipeAsync(
      v.string(),
      v.transformAsync(async (text) => text.length),
    );
    const outcome = validate(schema, "four");
    expect(outcome).toBeInstanceOf(Promise);
    expect(await outcome).toMatchObject({ value: 4 });
  });

  test("of a type alone is itself", () => {
    const payload = { any: "thing" };
    expect(validate(type<number>(), payload)).toEqual({ value: payload });
  });
});

describe("a payload that fails", () => {
  test("comes to its issues, with where and why", () => {
    expect(validate(v.object({ list: v.array(v.number()) }), { list: [1, "two"] })).toEqual({
      issues: [{ path: ["list", 1], message: 'Invalid type: Expected number but received "two"' }],
    });
  });

  test("never passes because the schema waits in a promise of another library", async () => {
    const failure = { issues: [{ message: "no" }] };
    const foreign = schemaOf(() => ({
      // biome-ignore lint/suspicious/noThenProperty: that is what such a promise is.
      then: (resolve: (value: unknown) => void) => resolve(failure),
    }));
    const outcome = validate(foreign, 1);
    expect(outcome).toBeInstanceOf(Promise);
    expect(await outcome).toEqual({ issues: [{ path: [], message: "no" }] });
  });

  test("fails even without a single issue", () => {
    expect(
      validate(
        schemaOf(() => ({ issues: [] })),
        1,
      ),
    ).toEqual({ issues: [] });
  });

  test("shows paths of every form: keys, indices, symbols, segments", () => {
    const path = ["a", 0, Symbol("s"), { key: "b" }, { key: 1 }];
    expect(
      validate(
        schemaOf(() => ({ issues: [{ message: "no", path }] })),
        1,
      ),
    ).toEqual({
      issues: [{ path: ["a", 0, "Symbol(s)", "b", 1], message: "no" }],
    });
  });

  test("shows nothing else of the validator's issue", () => {
    const issue = { message: "no", path: [], input: "secret", schema: "inner", stack: "at" };
    expect(
      validate(
        schemaOf(() => ({ issues: [issue] })),
        1,
      ),
    ).toEqual({ issues: [{ path: [], message: "no" }] });
  });

  test("shows 16 issues and no more, each text cut at 200 characters", () => {
    const issues = (count: number, length: number) =>
      Array.from({ length: count }, () => ({ message: "m".repeat(length), path: ["k".repeat(length)] }));
    const shown = (count: number, length: number) =>
      Array.from({ length: count }, () => ({ path: ["k".repeat(length)], message: "m".repeat(length) }));
    expect(
      validate(
        schemaOf(() => ({ issues: issues(16, 200) })),
        1,
      ),
    ).toEqual({ issues: shown(16, 200) });
    expect(
      validate(
        schemaOf(() => ({ issues: issues(17, 201) })),
        1,
      ),
    ).toEqual({ issues: shown(16, 200) });
  });
});

test("what a schema throws is thrown, and what it rejects with is rejected", async () => {
  const broken = schemaOf(() => {
    throw new Error("broken");
  });
  expect(() => validate(broken, 1)).toThrow("broken");
  await expect(
    validate(
      schemaOf(() => Promise.reject(new Error("broken"))),
      1,
    ),
  ).rejects.toThrow("broken");
});
