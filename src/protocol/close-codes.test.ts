// The table of close codes, and what may be put into a Close frame.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  afterClose,
  CloseCode,
  isSendableCloseCode,
  normalizeCloseCode,
  REASON_BYTES,
  truncateReason,
} from "./close-codes.ts";

describe("what a client does", () => {
  test.each([
    [1000, "stay"],
    [1002, "stay"],
    [1003, "stay"],
    [1007, "stay"],
    [1008, "stay"],
    [1009, "stay"],
    [1011, "back-off"],
    [1012, "spread"],
    [1013, "back-off"],
    [4400, "stay"],
    [4401, "authenticate"],
    [4403, "stay"],
    [4408, "back-off"],
    [4409, "stay"],
    [4413, "return"],
    [4429, "back-off"],
  ])("after %i it does: %s", (code, after) => {
    expect(afterClose(code)).toBe(after);
  });

  test("after a lost link, and after codes the table does not name, it backs off", () => {
    for (const code of [1001, 1005, 1006, 1015, 3000, 4000, 4999]) expect(afterClose(code)).toBe("back-off");
  });

  test("no code is in the table twice", () => {
    const codes = Object.values(CloseCode);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe("what may be sent", () => {
  // RFC 6455, section 7.4, and the registry it set up.
  const isLegal = (code: number): boolean =>
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);

  test("every code from 0 to 6000 is judged as the RFC does", () => {
    for (let code = 0; code <= 6_000; code++) expect([code, isSendableCloseCode(code)]).toEqual([code, isLegal(code)]);
  });

  test.each([1004, 1005, 1006, 1015])("%i is never put on the wire", (code) => {
    expect(isSendableCloseCode(code)).toBe(false);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1000, 1000.5, 4000.1])("%d is no code", (code) => {
    expect(isSendableCloseCode(code)).toBe(false);
  });

  test("all codes of the table but the two that stand for no Close frame may be sent", () => {
    const unsendable = Object.values(CloseCode).filter((code) => !isSendableCloseCode(code));
    expect(unsendable).toEqual([CloseCode.noStatus, CloseCode.abnormal]);
  });
});

test("a loss that a runtime reports as 0 is 1006, and every other code stays", () => {
  expect(normalizeCloseCode(0)).toBe(1006);
  for (const code of [1000, 1005, 1006, 4999]) expect(normalizeCloseCode(code)).toBe(code);
});

describe("a reason", () => {
  const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

  test.each(["a", "é", "漢", "😀"])("of %j is taken up to 123 bytes and cut at a code point beyond", (character) => {
    const fitting = character.repeat(Math.floor(REASON_BYTES / bytesOf(character)));
    expect(truncateReason(fitting)).toBe(fitting);
    expect(truncateReason(fitting + character)).toBe(fitting);
  });

  test("is never over 123 bytes, starts as it was given, and is whole when it is shorter", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (reason) => {
        const cut = truncateReason(reason);
        expect(bytesOf(cut)).toBeLessThanOrEqual(123);
        expect(reason.startsWith(cut)).toBe(true);
        if (bytesOf(reason) <= 123) expect(cut).toBe(reason);
        else expect(bytesOf(cut)).toBeGreaterThan(119);
      }),
    );
  });
});
