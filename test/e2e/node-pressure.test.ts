// Peers of Node's server that do not read, or send faster than handlers work, over real sockets.
import { describe, expect, it } from "vitest";
import { Gate } from "../support/gate.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { lifecycleOf, newRegister, served } from "../support/node-server.ts";
import { RawPeer } from "../support/raw-peer.ts";

describe("a peer that does not read", () => {
  it("is given up with 4413, and takes no more memory than the limit", async () => {
    const log = new MemoryLog();
    const register = newRegister({ logger: log, limits: { closeMs: 200 } });
    const { ended } = lifecycleOf(register);
    let most = 0;
    register.onEvent("flood", async ({ connection }) => {
      while (connection.status === "open") {
        await connection.send("flood", "x".repeat(50_000));
        most = Math.max(most, connection.bufferedBytes);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    peer.socket.pause();
    const end = ended();
    peer.send("flood");
    expect(await end).toEqual({ code: 4413, reason: "slow consumer" });
    expect(most).toBeGreaterThan(256 * 1024);
    expect(most).toBeLessThanOrEqual(1024 * 1024 + 100_000);
    expect(log.lines).toMatchObject([{ fields: { code: 4413 } }]);
    // Its Close stands behind what it has not read, so it is cut after limits.closeMs, or reads on and sees it.
    peer.socket.resume();
    await peer.gone;
  });

  it("does not slow the others down", async () => {
    const register = newRegister({ limits: { bufferedBytes: 100_000_000, bufferedBytesSoft: 50_000_000 } });
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    register.onEvent("flood", async ({ connections }) => {
      for (let index = 0; index < 200; index++) await connections.broadcast("flood", "x".repeat(60_000));
    });
    const server = await served(register);
    const [deaf, good] = [await RawPeer.open(server.port), await RawPeer.open(server.port)];
    deaf.socket.pause();
    deaf.send("flood");
    for (let index = 0; index < 200; index++) expect(await good.envelope()).toMatchObject({ eventName: "flood" });
    good.send("echo", 1);
    expect(await good.envelope()).toEqual({ eventName: "echo", payload: 1 });
    deaf.reset();
  });
});

describe("a peer that sends faster than handlers work", () => {
  it("is not read any further; nothing is lost and the order is kept", async () => {
    const register = newRegister({ limits: { pendingEvents: 8, eventsPerSecond: 1e9, bytesPerSecond: 1e12 } });
    const gate = new Gate();
    const seen: unknown[] = [];
    const done = new Gate();
    const count = 2_000;
    register.onEvent("work", async ({ payload }) => {
      await gate.passed;
      seen.push((payload as { number: number }).number);
      if (seen.length === count) done.open();
    });
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const filling = "x".repeat(10_000);
    for (let number = 0; number < count; number++) peer.send("work", { number, filling });
    // 20 MB do not fit into the buffers of the two sockets: what is left waits at the peer.
    await new Promise((resolve) => setImmediate(resolve));
    expect(peer.socket.writableLength).toBeGreaterThan(1_000_000);
    gate.open();
    await done.passed;
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => index));
  });
});
