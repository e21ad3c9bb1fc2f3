// The server is asked to end while it is busy: it finishes what it has, turns away what comes, and ends by itself.
import { expect } from "vitest";
import { closeFrame, envelopeFrame, RawPeer, requestFrame } from "../../support/raw-peer.ts";
import type { Target } from "../target.ts";

const BUSY = 40;

/** Stops the target for good. */
export async function stopUnderLoad(target: Target): Promise<void> {
  const busy = await Promise.all(Array.from({ length: BUSY }, () => target.open()));
  const idle = await Promise.all(Array.from({ length: BUSY }, () => target.open()));
  // These go on whatever they are sent, and have to be cut.
  const floods = await Promise.all(Array.from({ length: 4 }, () => target.open()));
  for (const peer of busy) peer.write(requestFrame("1", "slow", { index: 7, ms: 300 }));
  await Promise.all(idle.map((peer) => peer.ask("whoami")));
  const flooding = setInterval(() => {
    for (const peer of floods) if (!peer.socket.destroyed) peer.write(envelopeFrame("nobody"));
  }, 1);

  const stopped = target.attacked.stop();
  const late = [0, 20, 100].map(async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    const peer = new RawPeer(target.port);
    const { status } = await peer.upgrade();
    // One that was in time, or whose socket the application had accepted already, is closed like the others.
    if (status === 101) expect((await peer.closed()).code).toBe(1012);
    else expect([0, 503]).toContain(status);
    peer.reset();
  });
  for (const peer of busy) {
    const { code, before } = await peer.ending();
    expect(code).toBe(1012);
    // What was at work has been finished.
    expect(before.map(({ payload }) => JSON.parse(String(payload)).eventName)).toContain("slow");
    peer.write(closeFrame(1012));
  }
  for (const peer of idle) {
    expect((await peer.closed()).code).toBe(1012);
    peer.write(closeFrame(1012));
  }
  await Promise.all(late);
  expect(await stopped).toBe(0);
  clearInterval(flooding);
}
