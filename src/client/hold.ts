// Keeps a client connected while any component is there that wants it. Knows no framework.
import type { ZapClient } from "./zap-client.ts";

/** The part of a client that is used here. */
export type Holdable = Pick<ZapClient, "connect" | "close" | "getSnapshot">;

interface Hold {
  holders: number;
  end(): unknown;
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
  const held = holds.get(client) ?? begin(client);
  held.holders++;
  return () => {
    queueMicrotask(() => {
      held.holders--;
      if (held.holders > 0) return;
      holds.delete(client);
      held.end();
    });
  };
}

function begin(client: Holdable): Hold {
  const { status } = client.getSnapshot();
  const isOurs = status === "idle" || status === "closed";
  if (isOurs) client.connect();
  const held = { holders: 0, end: () => isOurs && client.close() };
  holds.set(client, held);
  return held;
}
