// Keeps a client connected while any component is there that wants it. Knows no framework.
import { isDown, type ZapClient } from "./core.ts";

/** The part of a client that is used here. */
export type Holdable = Pick<ZapClient, "connect" | "close" | "getSnapshot">;

interface Hold {
  readonly isOurs: boolean;
  holders: number;
}

const holds = new WeakMap<Holdable, Hold>();

/**
 * Connects `client` unless somebody has, and keeps it until the last one who holds it lets go. Whoever connected it
 * closes it: a client that was connected before is left open.
 *
 * @returns Lets go. Call it once. Holding it again before the next microtask changes nothing, so that a framework may
 *   take components down and put them up again.
 */
export function hold(client: Holdable): () => void {
  const held: Hold = holds.get(client) ?? { isOurs: isDown(client.getSnapshot()), holders: 0 };
  holds.set(client, held);
  if (held.holders++ === 0 && held.isOurs) client.connect();
  return () =>
    queueMicrotask(() => {
      if (--held.holders > 0) return;
      holds.delete(client);
      if (held.isOurs) client.close();
    });
}
