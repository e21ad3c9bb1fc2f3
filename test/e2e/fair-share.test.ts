// A peer that sends a lot at once does not keep the others waiting: with real sockets.
import { afterEach, expect, it } from "vitest";
import { EventRegister } from "zaptools";
import { serve, type ZapServer } from "zaptools/node";
import { envelopeFrame, RawPeer } from "../support/raw-peer.ts";

const SENT = 20_000;

let server: ZapServer | undefined;

afterEach(() => server?.close());

async function start() {
  const limits = { eventsPerSecond: Number.POSITIVE_INFINITY, bytesPerSecond: Number.POSITIVE_INFINITY };
  const register = new EventRegister(undefined, { limits });
  let handled = 0;
  let lastIndex = -1;
  register.onEvent("busy", ({ payload }) => {
    // A little work, so that all of them take long.
    for (let end = performance.now() + 0.02; performance.now() < end; );
    handled++;
    if (payload === lastIndex + 1) lastIndex++;
  });
  register.onEvent("handled", () => ({ handled, inOrder: lastIndex + 1 === handled }));
  server = await serve(register, { port: 0 });
  return { port: server.port, handled: () => handled };
}

function manyFrames(): Buffer {
  return Buffer.concat(Array.from({ length: SENT }, (_, index) => envelopeFrame("busy", index)));
}

it("answers others while the events of one that sent many at once are still being handled", async () => {
  const { port } = await start();
  const greedy = await RawPeer.open(port);
  const modest = await RawPeer.open(port);
  greedy.write(manyFrames());
  const seen: number[] = [];
  for (let handled = 0; handled < SENT; seen.push(handled)) {
    ({ handled } = (await modest.ask("handled")) as { handled: number });
  }
  // At 64 a turn it takes over 300 turns, and each of them may bring an answer.
  expect(seen.filter((handled) => handled > 0 && handled < SENT).length).toBeGreaterThan(50);
  greedy.reset();
  modest.reset();
});

it("handles all of them, each once and in order", async () => {
  const { port } = await start();
  const greedy = await RawPeer.open(port);
  greedy.write(manyFrames());
  expect(await greedy.ask("handled")).toEqual({ handled: SENT, inOrder: true });
  greedy.reset();
});

it("handles what came before the Close that follows at once", async () => {
  const { port, handled } = await start();
  const greedy = await RawPeer.open(port);
  const some = 500;
  const frames = Array.from({ length: some }, (_, index) => envelopeFrame("busy", index));
  greedy.write(Buffer.concat([...frames, Buffer.from([0x88, 0x80, 1, 2, 3, 4])]));
  await greedy.closed();
  await greedy.gone;
  const other = await RawPeer.open(port);
  await other.ask("handled");
  expect(handled()).toBe(some);
  other.reset();
});
