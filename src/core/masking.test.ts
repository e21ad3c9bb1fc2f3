import { expect, it } from "vitest";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { masking } from "./masking.ts";

function logged(fields: Record<string, unknown>): Readonly<Record<string, unknown>> | undefined {
  const log = new MemoryLog();
  masking(log).warn(fields, "refused");
  return log.lines[0]?.fields;
}

it.each([
  "token",
  "accessToken",
  "Authorization",
  "cookie",
  "set-cookie",
  "password",
  "apiKey",
  "client_secret",
])("masks what is called %s, however deep it is", (name) => {
  expect(logged({ [name]: "hunter2", a: { b: [{ [name]: "hunter2", other: 1 }] } })).toEqual({
    [name]: "[masked]",
    a: { b: [{ [name]: "[masked]", other: 1 }] },
  });
});

it.each([
  ["zap.v1, zap.bearer.aHVudGVyMg", "zap.v1, zap.bearer.[masked]"],
  ["Authorization: Bearer hunter2", "Authorization: Bearer [masked]"],
  ["basic aHVudGVyMg==", "basic [masked]"],
  ["nothing secret", "nothing secret"],
])("masks secrets inside of texts: %s", (text, masked) => {
  expect(logged({ text, list: [text] })).toEqual({ text: masked, list: [masked] });
});

it("masks secrets in the text and the stack of an error, and leaves an error without one as it is", () => {
  const plain = new Error("no such user");
  expect(logged({ error: plain })?.error).toBe(plain);
  const telling = logged({ error: new TypeError("bad token: Bearer hunter2") })?.error;
  expect(telling).toBeInstanceOf(TypeError);
  expect(telling).toMatchObject({ name: "TypeError", message: "bad token: Bearer [masked]" });
  expect((telling as Error).stack).not.toContain("hunter2");
});

it("leaves everything else as it is", () => {
  const when = new Date();
  const fields = { connection: "zpt-1", code: 4400, when, nothing: null, list: [1, "two"] };
  expect(logged(fields)).toEqual(fields);
});

it("ends with what contains itself", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  expect(JSON.stringify(logged({ cycle }))).toContain("[masked]");
});
