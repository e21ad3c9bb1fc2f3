import { expect, it } from "vitest";
import { systemClock } from "./system-clock.ts";

it("calls back once the delay has passed, not earlier", async () => {
  const start = systemClock.now();
  await new Promise<void>((resolve) => systemClock.after(20, resolve));
  // Timers count whole milliseconds, now() does not.
  expect(systemClock.now() - start).toBeGreaterThanOrEqual(19);
});

it("calls nobody who has cancelled", async () => {
  const calls: string[] = [];
  const cancel = systemClock.after(1, () => calls.push("cancelled"));
  cancel();
  await new Promise<void>((resolve) => systemClock.after(5, resolve));
  expect(calls).toEqual([]);
});

it.each([2 ** 31, Number.POSITIVE_INFINITY])("does not fire at once for the long delay %d", async (delay) => {
  const calls: string[] = [];
  const cancel = systemClock.after(delay, () => calls.push("fired"));
  await new Promise<void>((resolve) => systemClock.after(5, resolve));
  cancel();
  expect(calls).toEqual([]);
});
