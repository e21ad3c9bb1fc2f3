// Asking a peer: what answers there can be, what is none, and how long it is waited for.
import { describe, expect, it } from "vitest";
import { memoryConnection } from "../../test/support/memory-connection.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";

describe("asking", () => {
  it("resolves with the answer, whatever it is", async () => {
    const { peer, connection } = await memoryConnection();
    const answers = [0, false, null, "", { a: 1 }];
    const asked = answers.map(() => connection.request("ask", "?"));
    await flushed();
    expect(peer.envelopes.map(({ headers }) => headers?.zap)).toEqual(
      answers.map((_, index) => ({ id: String(index + 1) })),
    );
    // In another order than they were asked.
    for (const index of [3, 0, 4, 2, 1]) peer.answer(String(index + 1), "ask", answers[index]);
    await expect(Promise.all(asked)).resolves.toEqual(answers);
  });

  it("may be waited for inside a handler of the same connection", async () => {
    const { register, peer } = await memoryConnection();
    const seen: unknown[] = [];
    register.onEvent("start", async ({ connection }) => {
      seen.push(await connection.request("confirm", "sure?"));
    });
    register.onEvent("later", () => seen.push("later"));
    peer.say("start");
    peer.say("later");
    await flushed();
    expect(seen).toEqual([]);
    peer.answer("1", "confirm", "yes");
    await flushed();
    expect(seen).toEqual(["yes", "later"]);
  });

  it("rejects with the code the peer answered, and takes nothing else of it on trust", async () => {
    const { peer, connection } = await memoryConnection();
    const asked = connection.request("ask");
    peer.answer("1", "error", { code: "no_idea", message: "?", details: { a: 1 }, stack: "evil" });
    await expect(asked).rejects.toMatchObject({ name: "ZapError", code: "no_idea", message: "?", details: { a: 1 } });
  });

  it("does not tell another requester what a peer failed with", async () => {
    const { register, peer } = await memoryConnection();
    register.onEvent("start", ({ connection }) => connection.request("confirm"));
    peer.ask("a", "start");
    await flushed();
    peer.answer("1", "error", { code: "secret", message: "of this peer" });
    await flushed();
    expect(peer.envelopes.at(-1)).toMatchObject({ payload: { code: "internal" }, headers: { zap: { re: "a" } } });
  });

  it("times out at its time and not before; a late answer changes nothing", async () => {
    const { peer, connection, clock } = await memoryConnection();
    const outcome: string[] = [];
    const asked = connection.request("ask", null, { timeout: 500 }).catch((error) => outcome.push(error.code));
    clock.advance(499);
    await flushed();
    expect(outcome).toEqual([]);
    clock.advance(1);
    await asked;
    peer.answer("1", "ask", "late");
    expect(outcome).toEqual(["timeout"]);
    expect(connection.status).toBe("open");
  });

  it("waits 10 seconds where nothing else is said, and not at all with a timeout of 0", async () => {
    const { peer, connection, clock } = await memoryConnection();
    const asked = connection.request("ask");
    await expect(connection.request("ask", null, { timeout: 0 })).rejects.toMatchObject({ code: "timeout" });
    clock.advance(10_000);
    await expect(asked).rejects.toMatchObject({ code: "timeout" });
    await flushed();
    expect(peer.transport.texts).toHaveLength(1);
  });

  it("gives up when its signal aborts", async () => {
    const { connection } = await memoryConnection();
    const controller = new AbortController();
    const asked = connection.request("ask", null, { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: "cancelled" });
    await expect(connection.request("ask", null, { signal: controller.signal })).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it("fails at once for all that is open when the peer leaves", async () => {
    const { peer, connection, clock } = await memoryConnection({ heartbeatMs: Number.POSITIVE_INFINITY });
    const asked = [1, 2, 3].map((payload) => connection.request("ask", payload));
    peer.leave(1006);
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: "disconnected" });
    await expect(connection.request("ask")).rejects.toMatchObject({ code: "disconnected" });
    expect(clock.timers).toBe(0);
  });

  it("fails at once when the connection is being closed from here", async () => {
    const { register } = await memoryConnection();
    const peer = await new MemoryPeer(register, {}, "silent").start();
    const asked = peer.connection.request("ask");
    void peer.connection.close();
    await expect(asked).rejects.toMatchObject({ code: "disconnected" });
  });

  it("is bounded, and free again when answers came", async () => {
    const { peer, connection, clock } = await memoryConnection({
      pendingRequests: 2,
      heartbeatMs: Number.POSITIVE_INFINITY,
    });
    const asked = [1, 2].map((payload) => connection.request("ask", payload));
    await expect(connection.request("ask")).rejects.toMatchObject({ code: "too_many_requests" });
    peer.answer("1", "ask", "one");
    await asked[0];
    const third = connection.request("ask");
    peer.answer("3", "ask", "three");
    peer.answer("2", "ask", "two");
    await expect(third).resolves.toBe("three");
    await expect(asked[1]).resolves.toBe("two");
    expect(clock.timers).toBe(0);
  });

  it("takes no forged, repeated or misnamed answer", async () => {
    const { register, peer, connection } = await memoryConnection();
    const seen: unknown[] = [];
    register.onEvent("ask", () => seen.push("ask"));
    peer.answer("1", "ask", "nobody has asked");
    const asked = connection.request("ask");
    peer.answer("2", "ask", "forged");
    peer.answer("__proto__", "ask", "forged");
    peer.answer("1", "other", "misnamed");
    peer.answer("1", "ask", "right");
    peer.answer("1", "ask", "repeated");
    peer.answer("1", "error", { code: "repeated" });
    await expect(asked).resolves.toBe("right");
    await flushed();
    expect(seen).toEqual([]);
    expect(connection.status).toBe("open");
    expect(register.stats()).toMatchObject({ events: 0, unknownEvents: 0, errors: 0 });
  });

  it("does not take an answer from another connection", async () => {
    const { register, connection } = await memoryConnection();
    const stranger = await new MemoryPeer(register).start();
    const asked = connection.request("ask", null, { timeout: 500 });
    stranger.answer("1", "ask", "forged");
    await flushed();
    let settled = "no";
    asked.then(
      () => {
        settled = "yes";
      },
      () => {},
    );
    await flushed();
    expect(settled).toBe("no");
  });

  it("fails with a coded error for what cannot be sent, and frees its place", async () => {
    const { connection, clock } = await memoryConnection({ pendingRequests: 1, heartbeatMs: Number.POSITIVE_INFINITY });
    await expect(connection.request("ask", 1n)).rejects.toMatchObject({ code: "unencodable_payload" });
    await expect(connection.request("zap:ping")).rejects.toMatchObject({ code: "reserved_event_name" });
    await expect(connection.request("")).rejects.toMatchObject({ code: "invalid_event_name" });
    await expect(connection.request("ask", null, { timeout: -1 })).rejects.toMatchObject({ code: "invalid_argument" });
    expect(clock.timers).toBe(0);
  });
});
