// The way of one peer into a register: who is let in, who is not, and what those inside may do.
import { describe, expect, it, vi } from "vitest";
import { ANN, auth, byHand, entrance } from "../../test/support/entrance.ts";
import { flushed, HANDSHAKE, MemoryPeer } from "../../test/support/memory-peer.ts";
import type { Untyped } from "../protocol/contract-types.ts";
import { Admitted } from "./admission-verdict.ts";
import type { Authenticate } from "./authentication.ts";
import type { DefaultState } from "./context.ts";
import type { RegisterOptions } from "./register-base.ts";
import type { Handshake } from "./transport.ts";

const withHeaders = (headers: Record<string, string>): Handshake => {
  const given = new Headers(headers);
  return { ...HANDSHAKE, headers: { get: (name) => given.get(name) } };
};

describe("a socket that was upgraded without asking", () => {
  it("is closed with 4403 for a foreign origin, before anything is handled", async () => {
    const { register, seen } = entrance();
    const peer = new MemoryPeer(register, {}, "answers", withHeaders({ origin: "https://evil.example", host: "here" }));
    peer.say("say", 1);
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 4403, reason: "origin" }]);
    expect(seen).toEqual([]);
    expect(register.stats()).toMatchObject({ connections: 0, rejected: new Map([["origin", 1]]) });
  });

  it("is closed with 1013 when there is no place left, which is free again after a close", async () => {
    const { register } = entrance({ limits: { connections: 1 } });
    const first = await new MemoryPeer(register).start();
    const second = await new MemoryPeer(register).start();
    expect(second.transport.endings).toMatchObject([{ code: 1013 }]);
    first.leave();
    const third = await new MemoryPeer(register).start();
    expect(third.connection.status).toBe("open");
  });

  it("has its events wait until it is known; nobody finds it and no broadcast reaches it before", async () => {
    const { asked, authenticate } = byHand();
    const { register, seen } = entrance({ authenticate });
    const peer = await new MemoryPeer(register).start();
    peer.say("say", 1);
    register.connections.broadcast("news");
    await flushed();
    expect(seen).toEqual([]);
    expect(register.connections.size).toBe(0);
    expect(peer.envelopes).toEqual([]);
    asked[0]?.answer(ANN);
    await flushed();
    peer.say("say", 2);
    expect(seen).toEqual([
      ["connected", "ann"],
      [1, "ann"],
      [2, "ann"],
    ]);
    expect(register.connections.size).toBe(1);
  });

  it("is closed with 4401 when nobody knows it; its events are never handled", async () => {
    const { asked, authenticate } = byHand();
    const { register, seen } = entrance({ authenticate });
    const peer = await new MemoryPeer(register).start();
    peer.say("say", 1);
    asked[0]?.answer(undefined);
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 4401, reason: "unauthenticated" }]);
    expect(seen).toEqual([]);
  });

  it("leaves nothing behind when it goes while it is asked about", async () => {
    const { asked, authenticate } = byHand();
    const { register, seen, clock } = entrance({ authenticate, limits: { connections: 1 } });
    const peer = await new MemoryPeer(register).start();
    const ended = peer.processor.startEventStream();
    peer.leave(1006);
    expect(asked[0]?.signal.aborted).toBe(true);
    await ended;
    asked[0]?.answer(ANN);
    await flushed();
    expect(seen).toEqual([]);
    expect(clock.timers).toBe(0);
    expect(register.connections.size).toBe(0);
    const next = new MemoryPeer(register);
    expect(next.transport.endings).toEqual([]);
  });

  it("is judged again where another register let it in", async () => {
    const admitted = entrance().register.admit({ ...HANDSHAKE, secure: false });
    const { register } = entrance({ authenticate: () => undefined });
    const peer = await new MemoryPeer(register, {}, "answers", admitted as Admitted).start();
    expect(admitted).toBeInstanceOf(Admitted);
    expect(peer.transport.endings).toMatchObject([{ code: 4401 }]);
  });

  it("is who its caller says, without asking", async () => {
    const authenticate = vi.fn(() => undefined);
    const { register, seen } = entrance({ authenticate });
    await new MemoryPeer(register, { principal: { id: "bob" } }).start();
    expect(seen).toEqual([["connected", "bob"]]);
    expect(authenticate).not.toHaveBeenCalled();
  });

  it("is closed with 4409 when its id was taken while it was asked about", async () => {
    const { asked, authenticate } = byHand();
    const { register } = entrance({ authenticate });
    const slow = await new MemoryPeer(register, { id: "seat" }).start();
    const quick = await new MemoryPeer(register, { id: "seat", principal: ANN }).start();
    asked[0]?.answer(ANN);
    await flushed();
    expect(slow.transport.endings).toMatchObject([{ code: 4409 }]);
    expect(register.connections.get("seat")).toBe(quick.connection);
  });
});

describe("revoke", () => {
  it("closes all connections of a principal with 4401, and nobody else's", async () => {
    const { register } = entrance();
    const [one, two, other, nobody] = await Promise.all(
      [{ principal: ANN }, { principal: ANN }, { principal: { id: "bob" } }, {}].map((options) =>
        new MemoryPeer(register, options).start(),
      ),
    );
    expect(register.connections.revoke("ann")).toBe(2);
    for (const peer of [one, two]) expect(peer?.transport.endings).toEqual([{ code: 4401, reason: "revoked" }]);
    for (const peer of [other, nobody]) expect(peer?.transport.endings).toEqual([]);
    expect(register.connections.revoke("ann")).toBe(0);
  });
});

describe("authorize", () => {
  const onlyAnn = setUpAuthorize(({ connection }) => connection.principal?.id === "ann");

  function setUpAuthorize(authorize: NonNullable<RegisterOptions<Untyped, DefaultState>["authorize"]>) {
    return async (id: string) => {
      const parts = entrance({ authorize });
      const errors: unknown[] = [];
      parts.register.onEvent("error", ({ payload }) => errors.push(payload.error));
      parts.register.onEvent("ask", () => "answer");
      const peer = await new MemoryPeer(parts.register, { principal: { id } }).start();
      return { ...parts, peer, errors };
    };
  }

  it("lets events through for true, and is not asked about what the library raises", async () => {
    const { peer, seen } = await onlyAnn("ann");
    peer.say("say", 1);
    peer.leave();
    await flushed();
    expect(seen).toEqual([
      ["connected", "ann"],
      [1, "ann"],
      ["disconnected", 1000],
    ]);
  });

  it.each([
    ["false", () => false],
    ["a promise of false", async () => false],
    ["what is not true", () => 1 as unknown as boolean],
  ])("refuses an event for %s with forbidden; the connection lives", async (_what, authorize) => {
    const { peer, seen, errors } = await setUpAuthorize(authorize)("bob");
    peer.say("say", 1);
    peer.ask("1", "ask");
    await flushed();
    expect(seen).toEqual([["connected", "bob"]]);
    expect(peer.envelopes).toMatchObject([{ eventName: "error", payload: { code: "forbidden" } }]);
    expect(errors).toMatchObject([{ code: "forbidden" }, { code: "forbidden" }]);
    expect(peer.connection.status).toBe("open");
  });

  it("follows a principal that changes", async () => {
    const authenticate: Authenticate = ({ token }) => ({ id: "ann", admin: token === "admin" });
    const { register, seen } = entrance({
      authenticate,
      authorize: ({ connection }) => connection.principal?.admin === true,
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("say", "before");
    auth(peer, "admin");
    await flushed();
    peer.say("say", "after");
    await flushed();
    expect(seen).toEqual([
      ["connected", "ann"],
      ["after", "ann"],
    ]);
  });
});
