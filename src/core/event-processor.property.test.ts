// Random lives of one connection, held against the rules that hold for every life.
import fc from "fast-check";
import { expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { EventRegister } from "../rooms/event-register.ts";

const HANDLER_MS = 1_000;

type Step =
  | { readonly do: "event"; readonly kind: "sync" | "async" | "throw" | "reject" | "hang" | "ask" | "close" }
  | { readonly do: "settle" | "start" | "pass" | "leave" | "close" | "refuse" | "answer" }
  | { readonly do: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("event" as const),
      kind: fc.constantFrom("sync", "async", "throw", "reject", "hang", "ask", "close"),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("settle", "settle", "start", "answer", "pass") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("leave", "close", "refuse") }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1, HANDLER_MS / 2, HANDLER_MS) }),
  },
);

interface Life {
  readonly concurrency: number;
  readonly connected: "sync" | "async" | "throw" | "hang";
  readonly manners: "answers" | "silent";
  readonly middleware: "none" | "returns" | "forgets" | "awaits" | "hangs";
  readonly start: "at once" | "when told";
  readonly steps: readonly Step[];
}

const life: fc.Arbitrary<Life> = fc.record({
  concurrency: fc.constantFrom(1, 1, 3),
  connected: fc.constantFrom("sync", "async", "throw", "hang"),
  manners: fc.constantFrom("answers", "silent"),
  middleware: fc.constantFrom("none", "returns", "forgets", "awaits", "hangs"),
  start: fc.constantFrom("at once", "at once", "when told"),
  steps: fc.array(step, { maxLength: 40 }),
});

async function live({ concurrency, connected, manners, middleware, start, steps }: Life): Promise<void> {
  const clock = new ManualClock();
  const limits = { handlerMs: HANDLER_MS, pendingEvents: 4, heartbeatMs: Number.POSITIVE_INFINITY };
  const register = new EventRegister(undefined, { clock, logger: new MemoryLog(), limits, concurrency });
  const log: string[] = [];
  const handled: number[] = [];
  const running = new Set<AbortSignal>();
  let most = 0;

  const enter = (name: string) => {
    if (peer.connection.status !== "open") log.push(`${name} ran on a connection that is ${peer.connection.status}`);
  };
  const gates: Gate[] = [];
  if (middleware === "returns") register.use((_context, next) => next());
  if (middleware === "awaits")
    register.use(async (_context, next) => {
      await flushed();
      await next();
      await flushed();
    });
  if (middleware === "hangs")
    register.use(async (_context, next) => {
      const gate = new Gate();
      gates.push(gate);
      await gate.passed;
      await next();
    });
  if (middleware === "forgets")
    register.use((_context, next) => {
      void next();
    });
  register.onEvent("connected", () => {
    enter("connected");
    log.push("connected");
    if (connected === "throw") throw new Error("connected");
    if (connected === "async") return flushed();
    return connected === "hang" ? new Gate().passed : undefined;
  });
  register.onEvent("disconnected", () => {
    log.push("disconnected");
    throw new Error("disconnected");
  });
  register.onEvent("error", () => Promise.reject(new Error("error")));
  const kinds: readonly string[] = ["sync", "async", "throw", "reject", "hang", "ask", "close"];
  for (const kind of kinds) {
    register.onEvent(kind, ({ payload, connection, signal }) => {
      enter(kind);
      handled.push(Number(payload));
      if (kind === "throw") throw new Error(kind);
      if (kind === "sync") return undefined;
      running.add(signal);
      most = Math.max(most, running.size);
      const done = () => void running.delete(signal);
      // One that has had its time goes on, but the line does not wait for it.
      signal.addEventListener("abort", done);
      if (kind === "hang") return new Gate().passed;
      const work = async () => {
        await flushed();
        if (kind === "reject") throw new Error(kind);
        if (kind === "close") await connection.close(4000);
        if (kind === "ask") await connection.request("confirm", null, { timeout: HANDLER_MS / 2 });
      };
      return work().finally(done);
    });
  }

  const peer = new MemoryPeer(register, {}, manners);
  if (start === "at once") peer.processor.startEventStream();
  let sent = 0;
  for (const one of steps) {
    if (one.do === "event") peer.ask(`q${sent}`, one.kind, sent++);
    else if (one.do === "settle") await flushed();
    else if (one.do === "pass") for (const gate of gates.splice(0)) gate.open();
    else if (one.do === "start") peer.processor.startEventStream();
    else if (one.do === "wait") clock.advance(one.ms);
    else if (one.do === "leave") peer.leave(1006);
    else if (one.do === "close") void peer.connection.close();
    else if (one.do === "refuse") peer.processor.receive("{");
    else for (const { headers } of peer.envelopes) answerTo(peer, headers?.zap);
  }
  peer.leave(1006);
  for (const gate of gates.splice(0)) gate.open();
  for (let round = 0; round < steps.length + 3; round++) {
    await flushed();
    clock.advance(HANDLER_MS);
  }
  await peer.processor.startEventStream();

  // Connected came first and once, disconnected last, and as often; nothing ran after the end.
  const started = log.includes("connected") ? ["connected", "disconnected"] : [];
  expect(log).toEqual(started);
  // What was handled was handled in the order it came, none twice, and no more at once than allowed.
  expect(handled).toEqual([...new Set(handled)].sort((a, b) => a - b));
  expect(most).toBeLessThanOrEqual(concurrency);
  // Each request was answered at most once.
  const answered = peer.envelopes.map(({ headers }) => (headers?.zap as { re?: string }).re).filter(Boolean);
  expect(new Set(answered).size).toBe(answered.length);
  // Nothing is left behind.
  expect(clock.timers).toBe(0);
  expect(register.connections.size).toBe(0);
  expect(peer.transport.endings.length).toBeLessThanOrEqual(2);
}

function answerTo(peer: { answer(re: string, eventName: string, payload: unknown): void }, zap: unknown): void {
  const { id } = (zap ?? {}) as { id?: string };
  if (id !== undefined) peer.answer(id, "confirm", "yes");
}

it("keeps the rules of a connection's life, whatever happens in which order", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on("unhandledRejection", note);
  await fc.assert(fc.asyncProperty(life, live), { numRuns: 400 });
  await flushed();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
