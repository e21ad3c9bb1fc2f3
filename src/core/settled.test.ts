import { describe, expect, it } from "vitest";
import { flushed } from "../../test/support/memory-peer.ts";
import { failed, settled } from "./settled.ts";

describe("settled promises", () => {
  it.each(["sent", "queued", "dropped"] as const)("of %s are one promise for all", async (outcome) => {
    expect(settled(outcome)).toBe(settled(outcome));
    await expect(settled(outcome)).resolves.toBe(outcome);
  });

  it("that failed may be left alone, and still reject for who waits", async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on("unhandledRejection", note);
    const error = new Error("boom");
    failed(error);
    await flushed();
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
    await expect(failed(error)).rejects.toBe(error);
  });
});
