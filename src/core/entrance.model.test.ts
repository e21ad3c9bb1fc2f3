// Random peers at the gate of `zap:auth`, held against a naive gate: what is handled, for whom, and how it ends.
import fc from "fast-check";
import { expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { EventRegister } from "../rooms/event-register.ts";
import type { Authenticated } from "./authentication.ts";

const LIMIT_MS = 1_000;
// No sum of a few waits less the limit: two things that are due in one moment may come in either order.
const LIFETIME_MS = 3_333;

/** What a token stands for: who it is, nobody, or an answer that takes until the test gives it. */
type Token = "ann" | "bob" | "nobody" | "throws" | "slow ann" | "slow nobody" | "unreadable";

type Step =
  | { readonly do: "event" | "request" | "answer" | "hello" | "ping" | "forge" | "settle" }
  | { readonly do: "token"; readonly token: Token }
  | { readonly do: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("event", "event", "request", "settle") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("hello", "ping") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("answer", "forge") }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("token" as const),
      token: fc.constantFrom<Token[]>(
        "ann",
        "ann",
        "slow ann",
        "slow ann",
        "bob",
        "nobody",
        "throws",
        "slow nobody",
        "unreadable",
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1, 400, 1_000, 2_000) }) },
);

/** The gate, as the protocol tells it and nothing else. */
class NaiveGate {
  state: "awaiting" | "verifying" | "in" | "over" = "awaiting";
  principal: string | undefined;
  code: number | undefined;
  readonly handled: string[] = [];
  #waiting: string[] = [];
  #asked: Token | undefined;
  #now = 0;
  #askedAt = 0;
  #expiresAt = Number.POSITIVE_INFINITY;

  event(name: string): void {
    if (this.state === "awaiting") this.#end(4401);
    else if (this.state === "verifying") this.#waiting.push(name);
    else if (this.state === "in") this.handled.push(`${name} of ${this.principal}`);
  }

  answer(): void {
    if (this.state === "awaiting") this.#end(4401);
  }

  forge(): void {
    if (this.state !== "over") this.#end(4400);
  }

  token(token: Token): void {
    if (this.state === "over") return;
    if (this.#asked !== undefined) return void this.#end(4429);
    if (token === "unreadable") return void this.#end(4401);
    if (this.state === "awaiting") this.state = "verifying";
    this.#asked = token;
    this.#askedAt = this.#now;
    if (!token.startsWith("slow")) this.settle();
  }

  settle(): void {
    const token = this.#asked?.replace("slow ", "");
    this.#asked = undefined;
    if (token === undefined || this.state === "over") return;
    if (token !== "ann" && token !== "bob") return void this.#end(4401);
    if (this.principal !== undefined && this.principal !== token) return void this.#end(4403);
    this.#expiresAt = this.#now + LIFETIME_MS;
    this.principal = token;
    this.state = "in";
    for (const name of this.#waiting.splice(0)) this.event(name);
  }

  wait(ms: number): void {
    const end = this.#now + ms;
    const slow = this.#asked === undefined ? Number.POSITIVE_INFINITY : this.#askedAt + LIMIT_MS;
    const unproven = this.principal === undefined ? LIMIT_MS : Number.POSITIVE_INFINITY;
    const first = Math.min(slow, unproven, this.#expiresAt);
    this.#now = end;
    if (this.state === "over" || first > end) return;
    this.#end(this.#expiresAt < Math.min(slow, unproven) ? 4401 : 4408);
  }

  #end(code: number): void {
    this.state = "over";
    this.code = code;
    this.#waiting = [];
  }
}

/** Time passes, and what one timer brings about has been done before the next is due. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    clock.advance(Math.min(left, 100));
    await flushed();
  }
}

async function live(steps: readonly Step[]): Promise<NaiveGate> {
  // Principals expire by the wall clock, so the test's own is put in its place.
  const clock = new ManualClock();
  const realNow = Date.now;
  Date.now = () => clock.now();
  try {
    const gate = new NaiveGate();
    const handled: string[] = [];
    let settle: () => void = () => {};
    const answerTo = (token: string): Authenticated => {
      if (token === "throws") throw new Error(token);
      return token === "nobody" ? undefined : { id: token, expiresAt: clock.now() + LIFETIME_MS };
    };
    const authenticate = ({ token = "nobody" }: { readonly token: string | undefined }) => {
      if (!token.startsWith("slow ")) return answerTo(token);
      return new Promise<Authenticated>((resolve) => {
        settle = () => resolve(answerTo(token.replace("slow ", "")));
      });
    };
    const limits = { authenticationMs: LIMIT_MS, heartbeatMs: Number.POSITIVE_INFINITY };
    const options = { clock, limits, logger: new MemoryLog(), authenticate, authenticateLater: true };
    const register = new EventRegister(undefined, options);
    const lifecycle: string[] = [];
    register.onEvent("connected", ({ connection }) => lifecycle.push(`connected ${connection.principal?.id}`));
    register.onEvent("disconnected", () => lifecycle.push("disconnected"));
    register.onEvent("say", ({ payload, connection }) => {
      handled.push(`${payload} of ${connection.principal?.id}`);
    });
    const peer = await new MemoryPeer(register).start();

    for (const [index, one] of steps.entries()) {
      if (one.do === "event") peer.say("say", index);
      else if (one.do === "request") peer.ask(`q${index}`, "say", index);
      else if (one.do === "answer") peer.answer("none", "say", index);
      else if (one.do === "hello") peer.say("zap:hello", { version: 1 });
      else if (one.do === "ping") peer.say("zap:ping");
      else if (one.do === "forge") peer.say("connected");
      else if (one.do === "token") peer.say("zap:auth", one.token === "unreadable" ? {} : { token: one.token });
      else if (one.do === "wait") await pass(clock, one.ms);
      else settle();
      await flushed();

      if (one.do === "event" || one.do === "request") gate.event(String(index));
      else if (one.do === "answer") gate.answer();
      else if (one.do === "forge") gate.forge();
      else if (one.do === "token") gate.token(one.token);
      else if (one.do === "wait") gate.wait(one.ms);
      else if (one.do === "settle") gate.settle();

      expect(handled).toEqual(gate.handled);
      const [ending] = peer.transport.endings;
      expect(typeof ending === "object" ? ending.code : undefined).toBe(gate.code);
      expect(peer.connection.principal?.id).toBe(gate.principal);
    }
    peer.leave(1006);
    settle();
    await flushed();
    expect(lifecycle).toEqual(gate.principal === undefined ? [] : [`connected ${gate.principal}`, "disconnected"]);
    expect(clock.timers).toBe(0);
    expect(register.connections.size).toBe(0);
    return gate;
  } finally {
    Date.now = realNow;
  }
}

it("the gate does what a naive gate does, whatever comes in whatever order", async () => {
  const reached = { in: 0, over: 0, other: 0 };
  const codes = new Map<number, number>();
  const property = fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
    const { state, code } = await live(steps);
    reached[state === "in" || state === "over" ? state : "other"]++;
    if (code !== undefined) codes.set(code, (codes.get(code) ?? 0) + 1);
  });
  await fc.assert(property, { numRuns: 1_500 });
  console.log("peers at the gate:", reached, "closed with:", Object.fromEntries(codes));
  for (const code of [4400, 4401, 4403, 4408, 4429]) expect([code, (codes.get(code) ?? 0) > 0]).toEqual([code, true]);
});
