// What is true of more than one runtime instead of a case that it cannot keep.
import { expect } from "vitest";
import { NEIGHBOUR_PATH } from "./neighbour.ts";
import { answerOf, rawUpgrade } from "./wire.ts";
import type { World } from "./world.ts";

/** It lets no neighbour live: the neighbour's peer is answered with this status. */
export async function answersNeighbour(world: World, status: number): Promise<void> {
  const server = await world.start("beside another");
  try {
    const { head } = await answerOf(rawUpgrade(server.url + NEIGHBOUR_PATH), "head");
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  } finally {
    await server.stop();
  }
}
