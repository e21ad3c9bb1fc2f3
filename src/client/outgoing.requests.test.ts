// The requests of a client: each is settled once, by its answer, its time, its signal or the loss of its connection.
import { expect, test } from "vitest";
import { outgoingSide } from "../../test/support/outgoing-side.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import type { RequestOptions } from "../protocol/contract-types.ts";

function table(pendingRequests = 1_000) {
  const { request, ids, ...side } = outgoingSide({ pendingRequests });
  side.opened();
  const open = (eventName: string, options: RequestOptions = {}, payload: unknown = null) =>
    request(eventName, payload, options);
  return { ...side, sent: ids, open };
}

const code = (expected: string) => expect.objectContaining({ code: expected });

test("answers in another order than the questions find their questions", async () => {
  const { sent, open, answer } = table();
  const first = open("a");
  const second = open("b");
  answer(sent[1], "b", 2);
  answer(sent[0], "a", 1);
  expect([await first, await second]).toEqual([1, 2]);
});

test.each([undefined, null, false, 0, ""])("an answer may be %j", async (payload) => {
  const { sent, open, answer } = table();
  const asked = open("a");
  answer(sent[0], "a", payload);
  expect(await asked).toBe(payload);
});

test("a failure arrives with its code, text and details", async () => {
  const { sent, open, answer } = table();
  const asked = open("a");
  answer(sent[0], "error", { code: "full", message: "Full.", details: { max: 2 } });
  await expect(asked).rejects.toMatchObject({ name: "ZapError", code: "full", message: "Full.", details: { max: 2 } });
});

test.each([
  null,
  7,
  "text",
  [],
  {},
  { code: 7, message: {} },
  { code: { toString: 1 } },
])("a failure of %j is internal", async (payload) => {
  const { sent, open, answer } = table();
  const asked = open("a");
  answer(sent[0], "error", payload);
  await expect(asked).rejects.toEqual(code("internal"));
});

test("a failure has its code cut at 64 characters and its text at 1,024", async () => {
  const { sent, open, answer } = table();
  const asked = open("a");
  answer(sent[0], "error", { code: "c".repeat(65), message: "m".repeat(1_025) });
  await expect(asked).rejects.toMatchObject({ code: "c".repeat(64), message: "m".repeat(1_024) });
});

test("forged, repeated and late answers change nothing", async () => {
  const { clock, sent, open, answer } = table();
  const asked = open("a", { timeout: 100 });
  for (const re of ["7", 1, null, {}, ["1"], "__proto__", undefined]) answer(re, "a", "forged");
  answer(sent[0], "other", "forged");
  answer(sent[0], "a", "right");
  answer(sent[0], "a", "again");
  expect(await asked).toBe("right");
  const late = open("a", { timeout: 100 });
  await clock.advance(100);
  answer(sent[1], "a", "late");
  await expect(late).rejects.toEqual(code("timeout"));
});

test("a timeout fires not before its time, and no timer stays", async () => {
  const { clock, open } = table();
  const outcome: unknown[] = [];
  open("a", { timeout: 100 }).catch((error) => outcome.push(error));
  await clock.advance(99);
  expect(outcome).toEqual([]);
  await clock.advance(1);
  expect(outcome).toEqual([code("timeout")]);
  expect(clock.timers).toBe(0);
});

test("a request waits 10 s unless it says otherwise, and for ever when it says Infinity", async () => {
  const { clock, open } = table();
  const outcome: unknown[] = [];
  open("a").catch((error) => outcome.push(error));
  open("b", { timeout: Number.POSITIVE_INFINITY }).catch((error) => outcome.push(error));
  await clock.advance(9_999);
  expect(outcome).toHaveLength(0);
  await clock.advance(1_000_000_000);
  expect(outcome).toEqual([code("timeout")]);
});

test.each([
  [0, "timeout"],
  [-1, "invalid_argument"],
  [Number.NaN, "invalid_argument"],
])("a timeout of %d fails at once with %s, and nothing is sent", async (timeout, expected) => {
  const { clock, sent, open } = table();
  await expect(open("a", { timeout })).rejects.toEqual(code(expected));
  expect(sent).toEqual([]);
  expect(clock.timers).toBe(0);
});

test("a signal cancels, before and after, and says why", async () => {
  const { sent, open } = table();
  const controller = new AbortController();
  const asked = open("a", { signal: controller.signal });
  controller.abort("changed my mind");
  await expect(asked).rejects.toMatchObject({ code: "cancelled", cause: "changed my mind" });
  await expect(open("b", { signal: controller.signal })).rejects.toEqual(code("cancelled"));
  expect(sent).toEqual(["1"]);
});

test("more than the limit fail at once, and there is room again when one is settled", async () => {
  const { sent, open, answer } = table(2);
  open("a");
  open("a");
  await expect(open("a")).rejects.toEqual(code("too_many_requests"));
  answer(sent[0], "a", 1);
  const next = open("a");
  answer(sent[2], "a", 3);
  expect(await next).toBe(3);
});

test("what cannot be sent fails with what speaks against it, and leaves nothing", async () => {
  const { clock, sent, open } = table();
  await expect(open("a", {}, 1n)).rejects.toEqual(code("unencodable_payload"));
  expect(sent).toEqual([]);
  expect(clock.timers).toBe(0);
});

test("only those fail that are meant", async () => {
  const { sent, open, answer, lost, opened } = table();
  const left = open("a");
  lost();
  const kept = open("a");
  lost();
  await expect(left).rejects.toEqual(code("disconnected"));
  opened();
  answer(sent[1], "a", "kept");
  expect(await kept).toBe("kept");
});

test("a promise that is left alone is no unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on("unhandledRejection", note);
  const { open } = table();
  open("a", { timeout: 0 });
  await settled();
  await settled();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
