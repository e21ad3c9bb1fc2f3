// Looks whether a peer is left alone, where it is not closed for what it does. Knows no attack.
import { expect } from "vitest";
import type { RawPeer } from "../support/raw-peer.ts";

/** Fails when the connection of `peer` is gone before `ms` milliseconds have passed. */
export async function expectStaying({ gone }: RawPeer, ms: number): Promise<void> {
  const patience = new Promise((resolve) => setTimeout(() => resolve("still here"), ms));
  expect(await Promise.race([gone, patience])).toBe("still here");
}
