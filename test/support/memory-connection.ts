// One started connection of a register in memory, with its peer and what its `error` handler heard. Sends nothing itself.
import type { Limits } from "../../src/protocol/limits.ts";
import { MemoryPeer } from "./memory-peer.ts";
import { memoryRegister } from "./memory-register.ts";

/** The connection, and everything around it. */
export async function memoryConnection(limits: Partial<Limits> = {}) {
  const errors: { eventName: string; error: unknown }[] = [];
  const { register, log, clock } = memoryRegister({ limits });
  register.onEvent("error", ({ payload }) => errors.push(payload));
  const peer = await new MemoryPeer(register).start();
  return { clock, errors, log, register, peer, connection: peer.connection };
}
