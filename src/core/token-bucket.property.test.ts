// Random traffic against a bucket, held against a naive one that counts in whole thousandths and never rounds.
import fc from "fast-check";
import { expect, it } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

/** Thousandths of a token: a rate per second times milliseconds is a whole number of them. */
class NaiveBucket {
  tokens: number;
  readonly #rate: number;
  readonly #burst: number;

  constructor(rate: number, burst: number) {
    this.#rate = rate;
    this.#burst = burst * 1_000;
    this.tokens = this.#burst;
  }

  pass(ms: number): void {
    this.tokens = Math.min(this.#burst, this.tokens + ms * this.#rate);
  }

  take(cost: number): boolean {
    if (cost * 1_000 > this.tokens) return false;
    this.tokens -= cost * 1_000;
    return true;
  }
}

// What adding up fractions may be off by, in thousandths.
const ROUNDING = 0.001;

const traffic = fc.record({
  rate: fc.integer({ min: 1, max: 5_000 }),
  seconds: fc.constantFrom(1, 2, 3),
  steps: fc.array(
    fc.record({
      wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 5_000 })),
      cost: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 8_000 })),
    }),
    { maxLength: 200 },
  ),
});

it("a bucket decides like one that never rounds, whatever comes when", () => {
  let refused = 0;
  let taken = 0;
  fc.assert(
    fc.property(traffic, ({ rate, seconds, steps }) => {
      const bucket = new TokenBucket(rate, rate * seconds, 0);
      const naive = new NaiveBucket(rate, rate * seconds);
      let now = 0;
      for (const { wait, cost } of steps) {
        now += wait;
        naive.pass(wait);
        const isClose = Math.abs(naive.tokens - cost * 1_000) < ROUNDING && naive.tokens !== rate * seconds * 1_000;
        const decided = bucket.take(cost, now);
        // Where it is a matter of the last digit either answer is right; both go on from the same one.
        if (isClose) naive.tokens = decided ? 0 : naive.tokens;
        else expect(decided).toBe(naive.take(cost));
        if (decided) taken++;
        else refused++;
      }
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(taken, refused)).toBeGreaterThan(200);
});

it("in no span of time more is let through than the burst and what the rate gives in it", () => {
  fc.assert(
    fc.property(traffic, ({ rate, seconds, steps }) => {
      const bucket = new TokenBucket(rate, rate * seconds, 0);
      const passed: { readonly at: number; readonly cost: number }[] = [];
      let now = 0;
      for (const { wait, cost } of steps) {
        now += wait;
        if (bucket.take(cost, now)) passed.push({ at: now, cost });
      }
      for (const [first, { at: start }] of passed.entries()) {
        let sum = 0;
        for (const { at, cost } of passed.slice(first)) {
          sum += cost;
          expect(sum).toBeLessThanOrEqual(rate * seconds + ((at - start) * rate) / 1_000 + ROUNDING);
        }
      }
    }),
    { numRuns: 100 },
  );
});
