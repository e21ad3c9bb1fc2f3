// What has been here before is not taken again, by sender and number.
import fc from "fast-check";
import { expect, it } from "vitest";
import { SenderWindows } from "./sender-window.ts";

it("takes each number of each sender once", () => {
  const windows = new SenderWindows();
  const taken = [0, 1, 1, 5, 3, 5, 0, 2].map((seq) => windows.accept("a", seq));
  expect(taken).toEqual([true, true, false, true, true, false, false, true]);
  expect(windows.accept("b", 5)).toBe(true);
});

it("does what a set would do, as long as nothing is very late", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -40_000, max: 50_000 }), { maxLength: 200 }), (steps) => {
      const [windows, seen] = [new SenderWindows(), new Set<number>()];
      let newest = 0;
      for (const step of steps) {
        const seq = Math.max(0, newest + step);
        if (seq <= newest - 60_000) continue;
        expect(windows.accept("a", seq)).toBe(!seen.has(seq));
        seen.add(seq);
        newest = Math.max(newest, seq);
      }
    }),
    { numRuns: 1_000 },
  );
});

it("takes nothing that is later than the window is wide: it may have been here", () => {
  const windows = new SenderWindows();
  windows.accept("a", 1_000_000);
  expect(windows.accept("a", 1_000_000 - 65_536)).toBe(false);
  expect(windows.accept("a", 1_000_000 - 60_000)).toBe(true);
});

it("forgets whom it has not heard of longest, and holds no more than 1,024", () => {
  const windows = new SenderWindows();
  for (let sender = 0; sender < 1_024; sender++) windows.accept(`s${sender}`, 1);
  expect(windows.accept("s0", 1)).toBe(false);
  windows.accept("one more", 1);
  expect(windows.accept("s0", 1)).toBe(false);
  expect(windows.accept("s1", 1)).toBe(true);
});
