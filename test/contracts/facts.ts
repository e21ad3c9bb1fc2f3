// What is true of more than one runtime instead of a case that it cannot keep.
import { expect } from "vitest";
import { whileDraining } from "./draining.ts";
import { NEIGHBOUR_PATH } from "./neighbour.ts";
import { Peer } from "./peer.ts";
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

/** Whoever may not connect is accepted first, and closed then with this code. */
async function closesAfterwards(url: string, code: number, headers: Record<string, string> = {}): Promise<void> {
  const peer = await Peer.open(url, { headers });
  expect(await peer.closed).toMatchObject({ code });
  expect(peer.got).toEqual([]);
}

/** What is true of frameworks that upgrade without asking: the register judges afterwards. */
export const JUDGED_AFTERWARDS = {
  origin: ({ url }: World) => closesAfterwards(`${url}/ws`, 4403, { Origin: "https://evil.example" }),
  "refused before the upgrade": async ({ url }: World) => {
    await closesAfterwards(`${url}/guarded`, 4401);
    await closesAfterwards(`${url}/guarded`, 4403, { Authorization: "Bearer unpaid" });
  },
  "text of a refusal": ({ url }: World) => closesAfterwards(`${url}/guarded`, 4403, { Authorization: "Bearer unpaid" }),
  "refused while draining": (world: World) => whileDraining(world, ({ url }) => closesAfterwards(`${url}/ws`, 1012)),
};
