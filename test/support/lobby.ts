// A register and peers in memory to try its rooms with. Joins nobody to anything.
import { EventRegister } from "../../src/rooms/event-register.ts";
import { flushed, MemoryPeer } from "./memory-peer.ts";

type Options = ConstructorParameters<typeof EventRegister>[1];

/** A register with so many peers, whose ids are `peer-0`, `peer-1` and so on. */
export async function lobby(count: number, options: Options = {}) {
  const register = new EventRegister(undefined, { onInternalError: () => {}, ...options });
  const peers = await Promise.all(
    Array.from({ length: count }, (_, index) => new MemoryPeer(register, { id: `peer-${index}` }).start()),
  );
  return { register, peers, connections: register.connections };
}

/** The names of the events that a peer got, once everything under way has left. */
export async function names(peer: MemoryPeer<never> | { envelopes: { eventName: string }[] }): Promise<string[]> {
  await flushed();
  return peer.envelopes.map(({ eventName }) => eventName);
}
