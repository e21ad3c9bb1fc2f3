// Finding connections and sending to one of them, by our names and by the siblings'.
import { describe, expect, it } from "vitest";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { EventRegister } from "./event-register.ts";
import { RoomManager } from "./room-manager.ts";

async function pair() {
  const register = new EventRegister();
  const one = await new MemoryPeer(register, { id: "one" }).start();
  const two = await new MemoryPeer(register, { id: "two" }).start();
  return { connections: register.connections, one, two };
}

describe("ConnectionRouter", () => {
  it("finds live connections by id, and those that have ended no more", async () => {
    const { connections, one, two } = await pair();
    expect(connections.get("one")).toBe(one.connection);
    expect([...connections.all()]).toEqual([one.connection, two.connection]);
    one.leave();
    expect(connections.get("one")).toBeUndefined();
    expect(connections.size).toBe(1);
  });

  it.each(["__proto__", "constructor", "toString", "then"])("knows no connection by the name of %s", async (id) => {
    const { connections } = await pair();
    expect(connections.get(id)).toBeUndefined();
    expect(await connections.sendTo(id, "news")).toBe("dropped");
  });

  it("sends to one connection by id", async () => {
    const { connections, one, two } = await pair();
    expect(await connections.sendTo("one", "news", 1, { h: 2 })).toBe("sent");
    await flushed();
    expect(one.envelopes).toEqual([{ eventName: "news", payload: 1, headers: { h: 2 } }]);
    expect(two.envelopes).toEqual([]);
  });

  it("refuses an id that is in use, and takes it again when its connection has ended", async () => {
    const register = new EventRegister();
    const first = await new MemoryPeer(register, { id: "same" }).start();
    expect(() => new MemoryPeer(register, { id: "same" })).toThrowError(
      expect.objectContaining({ code: "duplicate_id" }),
    );
    first.leave();
    const second = await new MemoryPeer(register, { id: "same" }).start();
    expect(register.connections.get("same")).toBe(second.connection);
  });

  it("can be walked while connections come and go", async () => {
    const { connections, one, two } = await pair();
    const seen: string[] = [];
    for (const { id } of connections.all()) {
      seen.push(id);
      two.leave();
    }
    expect(seen).toEqual([one.connection.id]);
  });

  it("answers to the siblings' names", async () => {
    const { connections, one, two } = await pair();
    expect(connections.getConnection("one")).toBe(one.connection);
    expect(connections.getAllConnections()).toEqual([one.connection, two.connection]);
    expect(await connections.sendToConnection("one", "news")).toBe(true);
    expect(await connections.sendToConnection("nobody", "news")).toBe(false);
  });
});

describe("EventRegister", () => {
  it("says so when options come in the place of the contract", () => {
    const options = { limits: { depth: 3 } };
    expect(() => new EventRegister(options)).toThrowError(
      expect.objectContaining({ code: "invalid_argument", message: expect.stringContaining("Options come second") }),
    );
  });
});

describe("RoomManager", () => {
  it("says the same as rooms by the Dart sibling's names", async () => {
    const { connections, one, two } = await pair();
    const rooms = new RoomManager(connections);
    await rooms.addToRoom("a", one.connection, "meta");
    await connections.room("a").add(two.connection);
    expect(connections.room("a").getMeta(one.connection)).toBe("meta");
    rooms.removeFromRoom("a", two.connection);
    connections.room("a").remove(two.connection);
    expect(await rooms.sendToRoom("a", "news", 1)).toEqual({ sent: 1, queued: 0, dropped: 0 });
    await flushed();
    expect(one.envelopes).toEqual([{ eventName: "news", payload: 1 }]);
    expect(two.envelopes).toEqual([]);
  });
});
