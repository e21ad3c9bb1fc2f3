// A register whose entrance is looked at: it keeps who came and went, and a test says who is known. Lets nobody in itself.
import type { Authenticate, Authenticated } from "../../src/core/authentication.ts";
import type { DefaultState } from "../../src/core/context.ts";
import type { RegisterOptions } from "../../src/core/register-base.ts";
import type { Untyped } from "../../src/protocol/contract-types.ts";
import { MemoryPeer } from "./memory-peer.ts";
import { memoryRegister } from "./memory-register.ts";

export const ANN = { id: "ann" };

/** A register that keeps what happened, and whose application answers when the test lets it. */
export function entrance(options: RegisterOptions<Untyped, DefaultState> = {}) {
  const seen: unknown[] = [];
  const { register, log, clock } = memoryRegister(options);
  register.onEvent("connected", ({ connection }) => seen.push(["connected", connection.principal?.id]));
  register.onEvent("disconnected", ({ payload }) => seen.push(["disconnected", payload.code]));
  register.onEvent("say", ({ payload, connection }) => seen.push([payload, connection.principal?.id]));
  return { log, clock, register, seen };
}

/** An `authenticate` that is answered by hand. */
export function byHand() {
  const asked: { token: string | undefined; signal: AbortSignal; answer: (answer: Authenticated) => void }[] = [];
  const authenticate: Authenticate = ({ token, signal }) =>
    new Promise((answer) => {
      asked.push({ token, signal, answer });
    });
  return { asked, authenticate };
}

/** Takes "good" and "better" for Ann's tokens, "bob" for Bob's, and nothing else. */
const byToken: Authenticate = ({ token }) => {
  if (token === "bob") return { id: "bob" };
  return token === "good" || token === "better" ? { ...ANN, token } : undefined;
};

/** Who comes without a token may send it on the connection. */
export const GATED = { authenticate: byToken, authenticateLater: true };

/** A peer that has come without a token. */
export async function gatedPeer(options: RegisterOptions<Untyped, DefaultState> = {}) {
  const parts = entrance({ ...GATED, ...options });
  const peer = await new MemoryPeer(parts.register).start();
  return { ...parts, peer };
}

/** Sends a token, or what is none. */
export function auth(peer: { say(name: string, payload: unknown): void }, token: unknown): void {
  peer.say("zap:auth", { token });
}
