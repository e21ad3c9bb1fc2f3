// Any mix of requests, answers, time and losses against the one rule that counts.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import type { ZapError } from "./errors.ts";
import { NO_HEADERS } from "./headers.ts";
import { PendingRequests } from "./pending-requests.ts";

test("a request is settled exactly once, whatever comes in whatever order, and leaves nothing behind", async () => {
  const step = fc.oneof(
    fc.constant({ do: "open" } as const),
    fc.record({
      do: fc.constant("answer" as const),
      re: fc.integer({ min: 1, max: 8 }),
      name: fc.constantFrom("ask", "error", "other"),
    }),
    fc.record({ do: fc.constant("advance" as const), ms: fc.integer({ min: 0, max: 60 }) }),
    fc.record({ do: fc.constant("abort" as const), which: fc.nat(7) }),
    fc.constant({ do: "failAll" } as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const clock = new ManualClock();
      const requests = new PendingRequests(clock, 4);
      const aborts: AbortController[] = [];
      const settled: string[][] = [];
      for (const one of steps) {
        if (one.do === "open") {
          const abort = new AbortController();
          const outcomes: string[] = [];
          aborts.push(abort);
          settled.push(outcomes);
          requests
            .open("ask", { timeout: 100, signal: abort.signal }, () => {})
            .then(
              () => outcomes.push("answered"),
              (error: ZapError) => outcomes.push(error.code),
            );
        } else if (one.do === "answer")
          requests.answer({ eventName: one.name, payload: null, headers: NO_HEADERS, zap: undefined }, String(one.re));
        else if (one.do === "advance") clock.advance(one.ms);
        else if (one.do === "abort") aborts[one.which]?.abort();
        else requests.failAll();
        expect(requests.size).toBeLessThanOrEqual(4);
        expect(clock.timers).toBe(requests.size);
      }
      requests.failAll();
      await new Promise((resolve) => setImmediate(resolve));
      expect(requests.size).toBe(0);
      for (const outcomes of settled) expect(outcomes).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});
