// Answers held against the contract.
import * as v from "valibot";
import { expect, test } from "vitest";
import { checkAnswer } from "./check-answer.ts";
import { UnmeantError, ZapError } from "./errors.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { encodeErrorReply, parseErrorReply } from "./reply.ts";

const definition = {
  request: v.string(),
  reply: v.pipe(
    v.object({ at: v.string() }),
    v.transform(({ at }) => new Date(at)),
  ),
  errors: { room_full: v.object({ max: v.number() }) },
};

const refusedWith = (code: string, details: unknown) =>
  Promise.reject(parseErrorReply({ code, message: "No.", details }));

test("an answer is what the schema makes of it", async () => {
  const answer = checkAnswer(definition, "ask", Promise.resolve({ at: "2026-01-01T00:00:00Z" }));
  expect(await answer).toEqual(new Date("2026-01-01T00:00:00Z"));
});

test("an answer without a contract, or to an event that has none, is taken as it is", async () => {
  const answer = Promise.resolve({ any: "thing" });
  expect(checkAnswer(undefined, "ask", answer)).toBe(answer);
  expect(checkAnswer(v.string(), "ask", answer)).toBe(answer);
});

test("an answer that does not match is refused with where and why", async () => {
  await expect(checkAnswer(definition, "ask", Promise.resolve({ at: 7 }))).rejects.toMatchObject({
    code: "invalid_payload",
    details: { issues: [{ path: ["at"] }] },
  });
});

test("what one peer answered is not told to another that asked meanwhile", async () => {
  const error = await checkAnswer(definition, "ask", Promise.resolve({ at: 7 })).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(UnmeantError);
  expect(encodeErrorReply(error, "1", DEFAULT_LIMITS)).toContain('"internal"');
});

test("a declared error keeps details that match, and loses others", async () => {
  await expect(checkAnswer(definition, "ask", refusedWith("room_full", { max: 12 }))).rejects.toMatchObject({
    code: "room_full",
    details: { max: 12 },
  });
  await expect(checkAnswer(definition, "ask", refusedWith("room_full", { max: "many" }))).rejects.toMatchObject({
    code: "room_full",
    details: undefined,
  });
});

test.each([
  "unknown_event",
  "__proto__",
  "constructor",
  "toString",
])("an error that is not declared stays as it came: %s", async (code) => {
  await expect(checkAnswer(definition, "ask", refusedWith(code, { any: 1 }))).rejects.toMatchObject({
    code,
    details: { any: 1 },
  });
});

test("an error of this side stays as it is", async () => {
  const error = new Error("not from the peer");
  await expect(checkAnswer(definition, "ask", Promise.reject(error))).rejects.toBe(error);
  const meant = new ZapError("room_full", "Full.", "no such details");
  await expect(checkAnswer(definition, "ask", Promise.reject(meant))).rejects.toBe(meant);
});
