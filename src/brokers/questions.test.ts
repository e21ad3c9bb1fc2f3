// Questions to other nodes are over when each has answered, left, or let its time pass.
import { beforeEach, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { flushed } from "../../test/support/memory-peer.ts";
import { partsOf, Questions } from "./questions.ts";

let clock: ManualClock;
let questions: Questions;
const sent = async () => {};
const whole = { failed: false, part: 0, parts: 1 };

beforeEach(() => {
  clock = new ManualClock();
  questions = new Questions(clock);
});

it("collects what each node answered, and is over with the last", async () => {
  const asked = questions.ask(["a", "b"], 1_000, sent);
  questions.answered("b", { re: 1, ...whole }, '{"fine":true}');
  questions.answered("a", { re: 1, ...whole, failed: true }, '{"code":"no","message":"No."}');
  expect(await asked).toMatchObject([
    { node: "a", status: "failed", error: { code: "no", message: "No." } },
    { node: "b", status: "answered", reply: { fine: true } },
  ]);
  expect(clock.timers).toBe(0);
});

it("names those that were silent", async () => {
  const asked = questions.ask(["a", "b", "c"], 1_000, sent);
  questions.answered("b", { re: 1, ...whole }, "1");
  questions.gone("c");
  clock.advance(1_000);
  expect(await asked).toEqual([
    { node: "a", status: "silent" },
    { node: "b", status: "answered", reply: 1 },
    { node: "c", status: "silent" },
  ]);
});

it("waits for nobody when there is nobody, and for no node that has left", async () => {
  expect(await questions.ask([], 1_000, sent)).toEqual([]);
  const asked = questions.ask(["a"], 1_000, sent);
  questions.gone("a");
  expect(await asked).toEqual([{ node: "a", status: "silent" }]);
});

it("is over at once when it could not be asked", async () => {
  const asked = questions.ask(["a"], 1_000, () => Promise.reject(new Error("no broker")));
  expect(await asked).toEqual([{ node: "a", status: "silent" }]);
  expect(clock.timers).toBe(0);
});

it("passes over what answers nothing: strangers, second answers, late ones, parts out of order", async () => {
  const asked = questions.ask(["a"], 1_000, sent);
  questions.answered("stranger", { re: 1, ...whole }, "0");
  questions.answered("a", { re: 2, ...whole }, "0");
  questions.answered("a", { re: 1, failed: false, part: 1, parts: 2 }, "0");
  questions.answered("a", { re: 1, failed: false, part: 0, parts: 1_000 }, "0");
  questions.answered("a", { re: 1, ...whole }, "7");
  questions.answered("a", { re: 1, ...whole }, "8");
  expect(await asked).toEqual([{ node: "a", status: "answered", reply: 7 }]);
  questions.answered("a", { re: 1, ...whole }, "9");
  await flushed();
});

it("puts a long answer together from its parts, which end between characters", async () => {
  const text = JSON.stringify("👋x".repeat(300_000));
  const parts = partsOf(text);
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) expect(part).not.toMatch(/\p{Cs}/u);
  const asked = questions.ask(["a"], 1_000, sent);
  for (const [part, one] of parts.entries()) {
    questions.answered("a", { re: 1, failed: false, part, parts: parts.length }, one);
  }
  expect(await asked).toEqual([{ node: "a", status: "answered", reply: JSON.parse(text) }]);
  expect(partsOf("")).toEqual([""]);
});
