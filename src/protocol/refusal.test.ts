// Every refusal can be put into a Close frame as it is.
import { expect, test } from "vitest";
import { isSendableCloseCode, truncateReason } from "./close-codes.ts";
import * as refusals from "./refusal.ts";

const all = Object.values(refusals).filter((value) => value instanceof refusals.Refusal);

test("there are refusals, each with a text of its own", () => {
  expect(all.length).toBeGreaterThan(10);
  expect(new Set(all.map(({ reason }) => reason)).size).toBe(all.length);
});

test.each(all)("$closeCode $reason may be sent, fits, and cannot be changed", (refusal) => {
  expect(isSendableCloseCode(refusal.closeCode)).toBe(true);
  expect(refusal.reason).not.toBe("");
  expect(truncateReason(refusal.reason)).toBe(refusal.reason);
  expect(Object.isFrozen(refusal)).toBe(true);
});
