// A token that runs out: it is asked for again, replaced on the live connection, or ends it.
import { describe, expect, it } from "vitest";
import { ANN, auth, byHand, entrance } from "../../test/support/entrance.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { HELLO_TEXT } from "../protocol/control.ts";
import type { Authenticate } from "./authentication.ts";

describe("a token that runs out", () => {
  const lasting =
    (ms: number): Authenticate =>
    ({ token = "" }) => ({ id: token.split("-")[0] || "ann", token, expiresAt: Date.now() + ms });

  async function expiring(ms: number) {
    // Otherwise a peer that says nothing for that long would be given up.
    const limits = { heartbeatMs: Number.POSITIVE_INFINITY };
    const parts = entrance({ authenticate: lasting(ms), limits });
    const peer = await new MemoryPeer(parts.register).start();
    peer.processor.receive(HELLO_TEXT);
    await flushed();
    peer.transport.writes.length = 0;
    return { ...parts, peer };
  }

  it("is asked for again when a fifth of its time is left, at most a minute before", async () => {
    const short = await expiring(10_000);
    // What it takes to come so far is real time, and counts too.
    short.clock.advance(7_000);
    await flushed();
    expect(short.peer.envelopes).toEqual([]);
    short.clock.advance(1_100);
    await flushed();
    expect(short.peer.transport.texts).toEqual(['{"eventName":"zap:auth","payload":null}']);
    const long = await expiring(3_600_000);
    long.clock.advance(3_600_000 - 61_000);
    await flushed();
    expect(long.peer.transport.texts).not.toContain('{"eventName":"zap:auth","payload":null}');
    long.clock.advance(1_100);
    await flushed();
    expect(long.peer.transport.texts).toContain('{"eventName":"zap:auth","payload":null}');
  });

  it("ends the connection with 4401", async () => {
    const { clock, peer, seen } = await expiring(10_000);
    clock.advance(9_000);
    expect(peer.connection.status).toBe("open");
    clock.advance(1_100);
    await flushed();
    expect(peer.transport.endings).toEqual([{ code: 4401, reason: "the token has expired" }]);
    expect(seen.at(-1)).toEqual(["disconnected", 4401]);
    expect(clock.timers).toBe(0);
  });

  it("is replaced by a new one on the live connection, and who it is is read live", async () => {
    const { clock, peer, register } = await expiring(10_000);
    const { connection } = peer;
    const before = connection.principal;
    clock.advance(9_000);
    auth(peer, "ann-2");
    await flushed();
    expect(connection.principal).toMatchObject({ id: "ann", token: "ann-2" });
    expect(connection.principal).not.toBe(before);
    clock.advance(9_000);
    expect(connection.status).toBe("open");
    expect(register.connections.size).toBe(1);
  });

  it("goes on being good while a new one is looked at, and no longer", async () => {
    const { asked, authenticate } = byHand();
    const { clock, register, seen } = entrance({ authenticate });
    const peer = await new MemoryPeer(register).start();
    asked[0]?.answer({ ...ANN, expiresAt: Date.now() + 1_000 });
    await flushed();
    auth(peer, "next");
    peer.say("say", 1);
    expect(seen.at(-1)).toEqual([1, "ann"]);
    clock.advance(1_100);
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
    expect(asked[1]?.signal.aborted).toBe(true);
  });

  it("cannot be replaced by somebody else's: 4403", async () => {
    const { peer } = await expiring(10_000);
    auth(peer, "bob-1");
    await flushed();
    expect(peer.transport.endings).toEqual([{ code: 4403, reason: "another principal" }]);
  });

  it("may be good for longer than any timer", async () => {
    const month = 31 * 24 * 3_600_000;
    const { clock, peer } = await expiring(month);
    peer.transport.writes.length = 0;
    clock.advance(month - 120_000);
    await flushed();
    expect(peer.transport.texts).toEqual([]);
    expect(peer.connection.status).toBe("open");
    clock.advance(61_000);
    await flushed();
    expect(peer.transport.texts).toHaveLength(1);
    clock.advance(60_000);
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
  });

  it("is passed over where nobody authenticates", async () => {
    const { register } = entrance();
    const peer = await new MemoryPeer(register).start();
    auth(peer, "anything");
    auth(peer, "anything");
    expect(peer.connection.status).toBe("open");
  });
});
