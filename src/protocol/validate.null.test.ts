// The one payload the wire cannot tell from another: null stands for undefined too.
import * as v from "valibot";
import { expect, test } from "vitest";
import { validate } from "./validate.ts";

const slow = <S extends v.GenericSchema>(schema: S) =>
  v.pipeAsync(
    schema,
    v.checkAsync(async () => true),
  );

test("a null that the schema takes stays null", async () => {
  expect(validate(v.nullish(v.string()), null)).toMatchObject({ value: null });
  expect(await validate(slow(v.nullish(v.string())), null)).toMatchObject({ value: null });
});

test("a null that the schema refuses is tried as undefined, so an optional payload may be left out", async () => {
  expect(validate(v.optional(v.string()), null)).toMatchObject({ value: undefined });
  expect(validate(v.optional(v.string(), "there"), null)).toMatchObject({ value: "there" });
  expect(await validate(slow(v.optional(v.string())), null)).toMatchObject({ value: undefined });
});

test("a payload that is missing is refused with what the schema says of null", async () => {
  const issues = [{ path: [], message: "Invalid type: Expected Object but received null" }];
  expect(validate(v.object({ text: v.string() }), null)).toEqual({ issues });
  expect(await validate(slow(v.object({ text: v.string() })), null)).toEqual({ issues });
});

test("a null within the payload is what it is", () => {
  expect(validate(v.object({ text: v.optional(v.string()) }), { text: null })).toHaveProperty("issues.length", 1);
});
