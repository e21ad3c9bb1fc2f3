import { describe, expect, it } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

describe("a token bucket", () => {
  it("starts full and gives as much as its burst", () => {
    const bucket = new TokenBucket(10, 20, 1_000);
    expect(bucket.take(20, 1_000)).toBe(true);
    expect(bucket.take(1, 1_000)).toBe(false);
  });

  it("fills at its rate, and not above its burst", () => {
    const bucket = new TokenBucket(10, 20, 0);
    bucket.take(20, 0);
    expect(bucket.take(1, 99)).toBe(false);
    expect(bucket.take(1, 100)).toBe(true);
    expect(bucket.take(21, 1_000_000)).toBe(false);
    expect(bucket.take(20, 1_000_000)).toBe(true);
  });

  it("takes nothing when there is not enough", () => {
    const bucket = new TokenBucket(1, 10, 0);
    expect(bucket.take(11, 0)).toBe(false);
    expect(bucket.take(10, 0)).toBe(true);
  });
});
