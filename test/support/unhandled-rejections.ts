// Fails every test of a file that leaves a rejection to nobody. Knows nothing of what is tested.
import { afterEach, beforeEach, expect } from "vitest";
import { flushed } from "./memory-peer.ts";

/** To be called once, at the top of a test file. */
export function failOnUnhandledRejections(): void {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);

  beforeEach(() => {
    unhandled.length = 0;
    process.on("unhandledRejection", note);
  });

  afterEach(async () => {
    await flushed();
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
}
