// A peer of a server that is still starting. Starts none itself.
import { Peer } from "../contracts/peer.ts";

/** Connects as soon as it is let in. */
export async function comeIn(url: string): Promise<Peer> {
  for (;;) {
    const peer = await Peer.open(url).catch(() => undefined);
    if (peer !== undefined) return peer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
