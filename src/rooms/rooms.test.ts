// The rules of rooms as users count on them: who gets what, what members carry, when a room is gone.
import { describe, expect, it } from "vitest";
import { at } from "../../test/support/at.ts";
import { lobby, names } from "../../test/support/lobby.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { EventRegister } from "./event-register.ts";

describe("who gets what is sent to a room", () => {
  it("is every member, and nobody else", async () => {
    const { peers, connections } = await lobby(3);
    await at(peers, 0).connection.join("a");
    await at(peers, 1).connection.join("a");
    expect(await connections.room("a").send("news", 1)).toEqual({ sent: 2, queued: 0, dropped: 0 });
    expect(await Promise.all(peers.map(names))).toEqual([["news"], ["news"], []]);
  });

  it("is everyone but the sender when a member leaves itself out", async () => {
    const { peers, connections } = await lobby(3);
    for (const peer of peers) await peer.connection.join("a");
    await connections.room("a").send("said", null, { exclude: at(peers, 1).connection });
    expect(await Promise.all(peers.map(names))).toEqual([["said"], [], ["said"]]);
  });

  it("can exclude by connection, by id and by room at once", async () => {
    const { peers, connections } = await lobby(5);
    for (const peer of peers) await peer.connection.join("a");
    await at(peers, 3).connection.join("muted");
    await connections.room("a").send("said", null, { exclude: [at(peers, 0).connection, "peer-1", "muted"] });
    expect(await Promise.all(peers.map(names))).toEqual([[], [], ["said"], [], ["said"]]);
  });

  it("gets one copy when it is in two of the rooms addressed", async () => {
    const { peers, connections } = await lobby(3);
    await at(peers, 0).connection.join("a");
    await at(peers, 0).connection.join("b");
    await at(peers, 1).connection.join("b");
    expect(await connections.to("a", "b", "a").send("news")).toEqual({ sent: 2, queued: 0, dropped: 0 });
    expect(await Promise.all(peers.map(names))).toEqual([["news"], ["news"], []]);
  });

  it("is chosen by selections that do not change each other", async () => {
    const { peers, connections } = await lobby(3);
    for (const peer of peers) await peer.connection.join("a");
    const all = connections.to("a");
    const fewer = all.except(at(peers, 0).connection);
    await fewer.except("peer-1").send("few");
    await all.send("all");
    await connections.except("a").send("nobody");
    await connections.except("peer-2").to("a").send("both");
    expect(await Promise.all(peers.map(names))).toEqual([
      ["all", "both"],
      ["all", "both"],
      ["few", "all"],
    ]);
  });

  it("is everyone for a broadcast, less those excluded", async () => {
    const { peers, connections } = await lobby(2);
    await connections.broadcast("news", { a: 1 }, { headers: { h: "v" } });
    await connections.broadcast("other", null, { exclude: ["peer-0"] });
    expect(await names(at(peers, 0))).toEqual(["news"]);
    expect(at(peers, 1).envelopes).toEqual([
      { eventName: "news", payload: { a: 1 }, headers: { h: "v" } },
      { eventName: "other", payload: null },
    ]);
  });

  it("is nobody when the payload cannot be encoded, and the call says so", async () => {
    const { peers, connections } = await lobby(2);
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    await expect(connections.broadcast("news", cycle)).rejects.toMatchObject({ code: "unencodable_payload" });
    await expect(connections.to("a").send("zap:x")).rejects.toMatchObject({ code: "reserved_event_name" });
    expect(await Promise.all(peers.map(names))).toEqual([[], []]);
  });

  it("is nobody when it cannot be encoded, and somebody hears of it once, whether the call was waited for or not", async () => {
    const told: unknown[] = [];
    const { register, peers, connections } = await lobby(1, { onInternalError: (_error, name) => told.push(name) });
    connections.broadcast("left alone", 1n);
    await flushed();
    expect(told).toEqual(["left alone"]);
    const errors: unknown[] = [];
    register.onEvent("error", ({ payload }) => errors.push(payload.eventName));
    register.onEvent("shout", () => connections.room("a").send("waited for", 1n));
    at(peers, 0).say("shout");
    await flushed();
    expect([told, errors]).toEqual([["left alone"], ["shout"]]);
  });

  it("is not a member that is slow, for volatile events; the others get them", async () => {
    const { peers, connections } = await lobby(2, { limits: { bufferedBytesSoft: 100, bufferedBytes: 10_000 } });
    for (const peer of peers) await peer.connection.join("a");
    at(peers, 0).transport.buffered = 5_000;
    await connections.room("a").send("first");
    await flushed();
    const result = await connections.room("a").send("typing", null, { volatile: true });
    expect(result).toEqual({ sent: 1, queued: 0, dropped: 1 });
    expect(await Promise.all(peers.map(names))).toEqual([["first"], ["first", "typing"]]);
  });

  it("is the others too when one member is over its limit and is closed with 4413", async () => {
    const { peers, connections } = await lobby(3, { limits: { bufferedBytesSoft: 100, bufferedBytes: 200 } });
    for (const peer of peers) await peer.connection.join("a");
    at(peers, 1).transport.buffered = 190;
    await connections.room("a").send("first");
    await flushed();
    expect(await connections.room("a").send("second")).toEqual({ sent: 2, queued: 0, dropped: 1 });
    expect(at(peers, 1).transport.endings).toEqual([{ code: 4413, reason: "slow consumer" }]);
    expect(await names(at(peers, 2))).toEqual(["first", "second"]);
    expect(connections.room("a").size).toBe(2);
  });

  it("gets the very same prepared text as all others, however many there are", async () => {
    const { peers, connections } = await lobby(100);
    for (const peer of peers) await peer.connection.join("a");
    let encoded = 0;
    await connections.room("a").send("news", {
      toJSON() {
        encoded++;
        return "once";
      },
    });
    await flushed();
    expect(encoded).toBe(1);
    expect(new Set(peers.flatMap((peer) => peer.transport.shared)).size).toBe(1);
  });
});

describe("joining and leaving", () => {
  it("twice is the same as once", async () => {
    const { peers, connections } = await lobby(1);
    const { connection } = at(peers, 0);
    await connection.join("a", "first");
    await connection.join("a", "second");
    expect(connections.room("a").members()).toEqual([connection]);
    expect(connections.room("a").meta(connection)).toBe("first");
    connection.leave("a");
    connection.leave("a");
    connection.leave("never");
    expect(connections.room("a").size).toBe(0);
  });

  it("makes a room with its first member, and the room is gone with its last", async () => {
    const { peers, connections } = await lobby(2);
    expect(connections.rooms()).toEqual([]);
    for (const peer of peers) await peer.connection.join("a");
    expect(connections.rooms().map(({ name, size }) => [name, size])).toEqual([["a", 2]]);
    for (const peer of peers) peer.connection.leave("a");
    expect(connections.rooms()).toEqual([]);
  });

  it("takes any text for a name", async () => {
    const { peers, connections } = await lobby(1);
    const rooms = ["__proto__", "constructor", "toString", "a.*", ">", " ", "\0", "ü".repeat(512)];
    for (const room of rooms) await at(peers, 0).connection.join(room);
    expect(at(peers, 0).connection.rooms).toEqual(rooms);
    expect(connections.rooms()).toHaveLength(rooms.length);
  });

  it.each(["", "x".repeat(513), 7, null, ["a"]])("refuses %j as a room's name", async (name) => {
    const { peers } = await lobby(1);
    await expect(at(peers, 0).connection.join(name as string)).rejects.toMatchObject({ code: "invalid_room_name" });
  });

  it("goes up to limits.roomsPerConnection, and not one beyond", async () => {
    const { peers } = await lobby(1, { limits: { roomsPerConnection: 2 } });
    const { connection } = at(peers, 0);
    await connection.join("a");
    await connection.join("b");
    await expect(connection.join("c")).rejects.toMatchObject({ code: "too_many_rooms" });
    connection.leave("a");
    await connection.join("c");
    expect(connection.rooms).toEqual(["b", "c"]);
  });

  it("is undone by disconnecting, after the disconnected handler could read which rooms they were", async () => {
    const { register, peers, connections } = await lobby(2);
    const seen: unknown[] = [];
    register.onEvent("disconnected", ({ connection, connections: all }) => {
      seen.push(connection.rooms, all.room("a").meta(connection), all.room("a").members().length);
    });
    await at(peers, 0).connection.join("a", { colour: "red" });
    await at(peers, 1).connection.join("a");
    at(peers, 0).leave();
    await flushed();
    expect(seen).toEqual([["a"], { colour: "red" }, 1]);
    expect(at(peers, 0).connection.rooms).toEqual([]);
    expect(connections.room("a").members()).toEqual([at(peers, 1).connection]);
  });

  it("has no effect after the connection has ended", async () => {
    const { register, peers, connections } = await lobby(1);
    const { connection } = at(peers, 0);
    register.onEvent("disconnected", () => connection.join("late"));
    at(peers, 0).leave();
    await flushed();
    await connection.join("later");
    expect(connections.rooms()).toEqual([]);
    expect(connection.rooms).toEqual([]);
  });

  it("leaves nothing behind for a connection that was never started", async () => {
    const register = new EventRegister();
    const peer = new MemoryPeer(register);
    await peer.connection.join("a");
    peer.leave();
    expect(register.connections.rooms()).toEqual([]);
    expect(peer.connection.rooms).toEqual([]);
  });
});

describe("what members carry", () => {
  it("is set when joining, changed later, and each room's own", async () => {
    const { peers, connections } = await lobby(2);
    const { connection } = at(peers, 0);
    await connection.join("a", 1);
    await connection.join("b", 2);
    connections.room("a").setMeta(connection, 3);
    expect([connections.room("a").meta(connection), connections.room("b").getMeta(connection)]).toEqual([3, 2]);
  });

  it("is nothing for those who are no members", async () => {
    const { peers, connections } = await lobby(1);
    connections.room("a").setMeta(at(peers, 0).connection, 1);
    expect(connections.room("a").meta(at(peers, 0).connection)).toBeUndefined();
    expect(connections.room("a").has(at(peers, 0).connection)).toBe(false);
  });
});

describe("closing a room", () => {
  it("closes the connections of its members, with code and reason", async () => {
    const { peers, connections } = await lobby(2);
    await at(peers, 0).connection.join("a");
    await connections.room("a").close(4001, "over");
    expect(at(peers, 0).transport.endings).toEqual([{ code: 4001, reason: "over" }]);
    expect(at(peers, 1).transport.endings).toEqual([]);
  });

  it("closes nobody with a code that cannot be sent", async () => {
    const { peers, connections } = await lobby(1);
    await at(peers, 0).connection.join("a");
    await expect(connections.room("a").close(1006)).rejects.toMatchObject({ code: "invalid_close_code" });
    expect(at(peers, 0).transport.endings).toEqual([]);
  });
});

describe("two registers in one process", () => {
  it("never see each other's connections or rooms", async () => {
    const one = await lobby(1);
    const other = await lobby(1);
    await at(one.peers, 0).connection.join("a");
    await other.connections.broadcast("news");
    expect(other.connections.rooms()).toEqual([]);
    expect(await names(at(one.peers, 0))).toEqual([]);
  });
});
