// A room of many members, some of whom do not read: over real sockets, with the limits of every day.
import { expect, it } from "vitest";
import { newRegister, served, until } from "../support/node-server.ts";
import { RawPeer } from "../support/raw-peer.ts";

const MEMBERS = 200;
const STALLED = 10;
const TEXT = "x".repeat(32_000);

it("gives up the members who do not read, with memory bounded, and everybody else gets everything", async () => {
  const register = newRegister();
  register.onEvent("connected", ({ connection }) => connection.join("all"));
  const { port } = await served(register, { host: "127.0.0.1" });
  const peers = await Promise.all(Array.from({ length: MEMBERS }, () => RawPeer.open(port)));
  await until(() => register.connections.room("all").size === MEMBERS);
  const [stalled, readers] = [peers.slice(0, STALLED), peers.slice(STALLED)];
  for (const { socket } of stalled) socket.pause();

  let broadcasts = 0;
  let most = 0;
  while (register.stats().closed.get(4413) !== STALLED && broadcasts < 10_000) {
    await register.connections.room("all").send("news", { index: broadcasts++, text: TEXT });
    most = Math.max(most, register.stats().bufferedBytes);
    await Promise.all(readers.map((reader) => reader.envelope()));
  }

  const { bufferedBytes, envelopeBytes } = register.limits;
  expect(register.stats().closed).toEqual(new Map([[4413, STALLED]]));
  expect(most).toBeLessThanOrEqual(STALLED * bufferedBytes + MEMBERS * envelopeBytes);
  expect(register.connections.room("all").size).toBe(MEMBERS - STALLED);
  await register.connections.room("all").send("news", { index: broadcasts });
  for (const reader of readers) expect((await reader.envelope()).payload).toEqual({ index: broadcasts });
});
