// The retry policy: what each close leads to, and after how long.
import fc from "fast-check";
import { expect, test } from "vitest";
import { afterClose, CloseCode } from "../protocol/close-codes.ts";
import { SHORTEST_DELAY_MS } from "./numbers.ts";
import { createRetryPolicy, type RetryOptions } from "./retry-policy.ts";

const policy = (options: RetryOptions = {}) => createRetryPolicy({ random: () => 1, ...options });
const close = (code: number) => ({ code, reason: "" });

test.each([1000, 1002, 1003, 1007, 1008, 1009, 4400, 4403, 4409])("a client stays closed after %i", (code) => {
  expect(policy()(close(code), 0, 0)).toBeUndefined();
});

test.each([
  1001, 1005, 1006, 1011, 1013, 3000, 4000, 4408, 4413, 4429, 4999,
])("a client comes back after %i", (code) => {
  expect(policy()(close(code), 0, 0)).toBe(500);
});

test("every code leads to what the table of close codes says", () => {
  const isOver = { stay: true, "back-off": false, return: false, spread: false, authenticate: true };
  for (let code = 1_000; code < 5_000; code++) {
    expect([code, policy()(close(code), 0, 60_000) === undefined]).toEqual([code, isOver[afterClose(code)]]);
    expect([code, policy()(close(code), 0, 60_000) === 60_000]).toEqual([code, afterClose(code) === "spread"]);
    expect([code, policy({ token: "t" })(close(code), 0, 0) === undefined]).toEqual([
      code,
      afterClose(code) === "stay",
    ]);
  }
});

test("bounds double with every attempt, up to 30 s", () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 2_000].map((attempt) => policy()(close(1006), attempt, 0));
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("delays have full jitter", () => {
  expect(policy({ random: () => 0.5 })(close(1006), 3, 0)).toBe(2_000);
});

test("no delay is shorter than the floor, and none longer than the cap or the window", () => {
  const codes = fc.constantFrom(...Object.values(CloseCode), 0, 3_000, 4_999);
  const property = fc.property(
    codes,
    fc.nat(5_000),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.nat(600_000),
    (code, attempt, random, windowMs) => {
      const delay = createRetryPolicy({ random: () => random, shouldReconnect: () => true })(
        close(code),
        attempt,
        windowMs,
      );
      expect(delay).toBeGreaterThanOrEqual(SHORTEST_DELAY_MS);
      expect(delay).toBeLessThanOrEqual(Math.max(30_000, windowMs));
    },
  );
  fc.assert(property);
});

test("1012 comes back at a random moment of the announced window", () => {
  expect(policy({ random: () => 0.25 })(close(CloseCode.draining), 7, 60_000)).toBe(15_000);
});

test("1012 without an announcement backs off, and a window means nothing for other codes", () => {
  expect(policy()(close(CloseCode.draining), 1, 0)).toBe(1_000);
  expect(policy()(close(CloseCode.abnormal), 1, 60_000)).toBe(1_000);
});

test("4401 gets a new token once, then the client stays closed", () => {
  const decide = policy({ token: () => "t" });
  expect(decide(close(CloseCode.unauthenticated), 0, 0)).toBe(500);
  expect(decide(close(CloseCode.unauthenticated), 1, 0)).toBeUndefined();
});

test("4401 gets another new token after a stable connection", () => {
  const decide = policy({ token: () => "t" });
  decide(close(CloseCode.unauthenticated), 0, 0);
  decide(close(CloseCode.abnormal), 0, 0);
  expect(decide(close(CloseCode.unauthenticated), 1, 0)).toBe(1_000);
});

test("4401 without a token to renew stays closed", () => {
  expect(policy()(close(CloseCode.unauthenticated), 0, 0)).toBeUndefined();
});

test("the application has the last word, with the delay of the policy", () => {
  const seen: unknown[] = [];
  const decide = policy({
    shouldReconnect: (ended, attempt) => {
      seen.push([ended, attempt]);
      return ended.code === 1000 ? true : ended.code === 1006 ? false : undefined;
    },
  });
  expect(decide({ code: 1000, reason: "bye" }, 2, 0)).toBe(2_000);
  expect(decide(close(1006), 0, 0)).toBeUndefined();
  expect(decide(close(1011), 0, 0)).toBe(500);
  expect(decide(close(4400), 0, 0)).toBeUndefined();
  expect(seen[0]).toEqual([{ code: 1000, reason: "bye" }, 2]);
});
