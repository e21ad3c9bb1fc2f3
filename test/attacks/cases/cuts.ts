// Handshakes that are cut at random places, at random moments, in random ways: the same ones in every run.
import { once } from "node:events";
import { expect } from "vitest";
import { envelopeFrame, RawPeer, upgradeRequest } from "../../support/raw-peer.ts";
import type { Attack } from "../attack.ts";
import { randomFrom } from "../random.ts";
import type { Target } from "../target.ts";

const CUTS = 1_000;
const AT_ONCE = 40;

async function cutOne(target: Target, random: () => number): Promise<void> {
  const pick = (count: number) => Math.floor(random() * count);
  const bytes = Buffer.concat([Buffer.from(upgradeRequest()), envelopeFrame("nobody")]);
  // One in three is garbled besides.
  if (pick(3) === 0) for (let count = pick(8); count >= 0; count--) bytes[pick(bytes.length)] = pick(256);
  const cut = pick(bytes.length + 1);
  const pieces = 1 + pick(4);
  const way = pick(4);
  const peer = new RawPeer(target.port);
  // Some go before the connection is even there.
  if (pick(10) > 0) await once(peer.socket, "connect");
  for (let piece = 0; piece < pieces; piece++) {
    peer.write(bytes.subarray(Math.floor((cut * piece) / pieces), Math.floor((cut * (piece + 1)) / pieces)));
    if (pick(2) === 0) await new Promise((resolve) => setTimeout(resolve, pick(4)));
  }
  if (way === 0) peer.reset();
  else if (way === 1) peer.socket.destroy();
  else if (way === 2) peer.socket.end(() => peer.socket.destroy());
  else {
    // Waits for whatever comes first, and resets then.
    await Promise.race([peer.answer(), new Promise((resolve) => setTimeout(resolve, 5))]);
    peer.reset();
  }
  await peer.gone;
}

/** The attack, over and over. */
export const cuts: readonly Attack[] = [
  {
    threats: ["F1"],
    what: `breaks off ${CUTS} handshakes at random places`,
    async run(target) {
      const random = randomFrom(2_026);
      let left = CUTS;
      const worker = async () => {
        while (left-- > 0) await cutOne(target, random);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      expect(left).toBeLessThan(0);
    },
  },
];
