// A server that is going away, for as long as a test looks at it. Judges nothing.
import { Peer } from "./peer.ts";
import { httpOf, idOf, type World } from "./world.ts";

/** A server that is going away. */
export interface Draining {
  readonly url: string;
  /** Has said `zap:hello`, and has a handler at work. */
  readonly greeted: Peer;
  readonly plain: Peer;
}

/** Looks at a server of its own that has begun to drain, and cannot be done before a handler is. */
export async function whileDraining(world: World, look: (draining: Draining) => Promise<void>): Promise<void> {
  const server = await world.start("alone");
  try {
    const [greeted, plain] = await Promise.all([Peer.open(`${server.url}/ws`), Peer.open(`${server.url}/ws`)]);
    greeted.send("zap:hello", {});
    await greeted.event("zap:welcome");
    // Once these are answered `connected` has run, and once the ping is, the handler is at work.
    await Promise.all([idOf(greeted), idOf(plain)]);
    greeted.send("slow", 200);
    greeted.send("zap:ping");
    await greeted.event("zap:pong");
    for (const { got } of [greeted, plain]) got.length = 0;
    const drained = fetch(`${httpOf(server.url)}/drain`, { method: "POST" });
    // When the look fails first, the server is stopped under it.
    drained.catch(() => {});
    await greeted.event("zap:draining");
    await look({ url: server.url, greeted, plain });
    await drained;
  } finally {
    await server.stop();
  }
}
