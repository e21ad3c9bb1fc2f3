// A peer that has to send its token first: what it may do before, and how long it may take.
import { describe, expect, it } from "vitest";
import { auth, byHand, entrance, GATED, gatedPeer } from "../../test/support/entrance.ts";
import { flushed, HANDSHAKE, MemoryPeer } from "../../test/support/memory-peer.ts";
import { HELLO_TEXT, PING_TEXT, PONG_TEXT } from "../protocol/control.ts";
import type { Admitted } from "./admission-verdict.ts";

describe("a peer that has to send its token first", () => {
  it("is closed with 4401 for any event before it, which is not handled", async () => {
    const { peer, seen } = await gatedPeer();
    peer.say("say", 1);
    auth(peer, "good");
    await flushed();
    expect(peer.transport.endings).toEqual([{ code: 4401, reason: "not authenticated" }]);
    expect(seen).toEqual([]);
  });

  it("is closed with 4401 for a request, and for an answer to nothing", async () => {
    const one = await gatedPeer();
    one.peer.ask("1", "say");
    expect(one.peer.transport.endings).toMatchObject([{ code: 4401 }]);
    const other = await gatedPeer();
    other.peer.answer("1", "say", null);
    expect(other.peer.transport.endings).toMatchObject([{ code: 4401 }]);
  });

  it("may say hello and ask whether anybody is there", async () => {
    const { peer } = await gatedPeer();
    peer.processor.receive(HELLO_TEXT);
    peer.processor.receive(PING_TEXT);
    await flushed();
    expect(peer.envelopes[0]).toMatchObject({ eventName: "zap:welcome" });
    expect(peer.transport.texts[1]).toBe(PONG_TEXT);
  });

  it("is in with a good token; what it sent behind the token is handled after connected, in order", async () => {
    const { peer, seen, register } = await gatedPeer();
    expect(register.connections.size).toBe(0);
    auth(peer, "good");
    peer.say("say", 1);
    peer.say("say", 2);
    await flushed();
    expect(seen).toEqual([
      ["connected", "ann"],
      [1, "ann"],
      [2, "ann"],
    ]);
  });

  it.each([["bad"], [7], [""], [null], ["x".repeat(8_193)]])("is closed with 4401 for the token %j", async (token) => {
    const { peer, seen } = await gatedPeer();
    auth(peer, token);
    await flushed();
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
    expect(seen).toEqual([]);
  });

  it("is closed with 4408 after authenticationMs, not earlier, also when its token is still looked at", async () => {
    const { asked, authenticate } = byHand();
    const { clock, register } = entrance({ authenticate, authenticateLater: true, limits: { authenticationMs: 100 } });
    const admission = register.admit({ ...HANDSHAKE, secure: false });
    asked[0]?.answer(undefined);
    const peer = await new MemoryPeer(register, {}, "answers", (await admission) as Admitted).start();
    clock.advance(99);
    auth(peer, "slow");
    expect(peer.connection.status).toBe("open");
    clock.advance(1);
    expect(peer.transport.endings).toEqual([{ code: 4408, reason: "not authenticated in time" }]);
    expect(asked[1]?.signal.aborted).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it("is closed with 4429 for a second token while the first is looked at: asking costs", async () => {
    const { peer } = await gatedPeer();
    auth(peer, "good");
    auth(peer, "good");
    expect(peer.transport.endings).toMatchObject([{ code: 4429 }]);
  });

  it("may send it while it is not yet known that one is needed", async () => {
    const { register, seen } = entrance(GATED);
    const peer = new MemoryPeer(register);
    auth(peer, "good");
    peer.say("say", 1);
    peer.processor.startEventStream();
    await flushed();
    expect(seen).toEqual([
      ["connected", "ann"],
      [1, "ann"],
    ]);
  });

  it("is closed with 4401 for an event in front of its token, also while it is not yet known that one is needed", async () => {
    const { register, seen } = entrance(GATED);
    const peer = new MemoryPeer(register);
    peer.say("say", 1);
    auth(peer, "good");
    peer.processor.startEventStream();
    await flushed();
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
    expect(seen).toEqual([]);
  });

  it.each([
    ["4429 for a second token", ["bad", "good"], 4429],
    ["4401 for a token that is none", [7], 4401],
  ])("is closed with %s, also while it is not yet known that one is needed", async (_what, tokens, code) => {
    const { register, seen } = entrance(GATED);
    const peer = new MemoryPeer(register);
    for (const token of tokens) auth(peer, token);
    peer.processor.startEventStream();
    await flushed();
    expect(peer.transport.endings).toMatchObject([{ code }]);
    expect(seen).toEqual([]);
  });

  it("is closed with 4401 for an event that came while it was not yet known that a token is needed", async () => {
    const { register, seen } = entrance(GATED);
    const peer = new MemoryPeer(register);
    peer.say("say", 1);
    peer.processor.startEventStream();
    await flushed();
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
    expect(seen).toEqual([]);
  });
});
