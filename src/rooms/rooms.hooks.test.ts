// Who may join a room, and who is told of joining and leaving.
import { describe, expect, it } from "vitest";
import { at } from "../../test/support/at.ts";
import { Gate } from "../../test/support/gate.ts";
import { lobby } from "../../test/support/lobby.ts";
import { flushed } from "../../test/support/memory-peer.ts";
import type { RoomChange } from "../core/room.ts";
import { ZapError } from "../protocol/errors.ts";

describe("hooks", () => {
  it("tell who joined and who left, also by disconnecting", async () => {
    const told: string[] = [];
    const tell = (what: string) => (change: RoomChange<unknown, unknown>) =>
      told.push(`${what} ${change.connection.id} ${change.room} ${change.meta}`);
    const { peers } = await lobby(1, { onJoin: tell("join"), onLeave: tell("leave") });
    const { connection } = at(peers, 0);
    await connection.join("a", 1);
    await connection.join("a", 2);
    await connection.join("b");
    connection.leave("a");
    at(peers, 0).leave();
    await flushed();
    expect(told).toEqual([
      "join peer-0 a 1",
      "join peer-0 b undefined",
      "leave peer-0 a 1",
      "leave peer-0 b undefined",
    ]);
  });

  it("that throw go to the error handlers, and the join holds", async () => {
    const boom = new Error("boom");
    const { register, peers, connections } = await lobby(1, {
      onJoin: () => {
        throw boom;
      },
      onLeave: async () => {
        throw boom;
      },
    });
    const errors: unknown[] = [];
    register.onEvent("error", ({ payload }) => errors.push(payload.eventName, payload.error));
    await at(peers, 0).connection.join("a");
    expect(connections.room("a").size).toBe(1);
    await flushed();
    expect(errors).toEqual(["zap:join", boom]);
  });

  it("can refuse a join, at once or later, with a reason of their own", async () => {
    const { peers, connections } = await lobby(1, {
      authorizeJoin: async ({ room }) => {
        if (room === "own") throw new ZapError("too_young", "Come back later.");
        return room === "open";
      },
    });
    const { connection } = at(peers, 0);
    await expect(connection.join("closed")).rejects.toMatchObject({ code: "forbidden" });
    await expect(connection.join("own")).rejects.toMatchObject({ code: "too_young" });
    await connection.join("open");
    expect(connections.rooms().map(({ name }) => name)).toEqual(["open"]);
  });

  it("that take time have no effect on a connection that ended meanwhile", async () => {
    const gate = new Gate<boolean>();
    const { peers, connections } = await lobby(1, { authorizeJoin: () => gate.passed });
    const joining = at(peers, 0).connection.join("a");
    at(peers, 0).leave();
    gate.open(true);
    await joining;
    expect(connections.rooms()).toEqual([]);
  });

  it("that take time do not let a connection past its number of rooms", async () => {
    const gate = new Gate<boolean>();
    const { peers } = await lobby(1, { limits: { roomsPerConnection: 1 }, authorizeJoin: () => gate.passed });
    const { connection } = at(peers, 0);
    const both = Promise.allSettled([connection.join("a"), connection.join("b")]);
    gate.open(true);
    expect((await both).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(connection.rooms).toEqual(["a"]);
  });
});
