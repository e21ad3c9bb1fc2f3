// Asking all members of a room: what is known of each when it is over.
import { describe, expect, it } from "vitest";
import { at } from "../../test/support/at.ts";
import { lobby, names } from "../../test/support/lobby.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { type } from "../protocol/contract.ts";
import { defineEvents } from "../protocol/define-events.ts";
import { EventRegister } from "./event-register.ts";

describe("asking a whole room", () => {
  it("gives one entry per member: who answered what, who failed and why, who left", async () => {
    const { peers, connections } = await lobby(3);
    for (const peer of peers) await peer.connection.join("a");
    const answers = connections.room("a").request("vote", { on: 1 });
    await flushed();
    at(peers, 0).answer("1", "vote", false);
    at(peers, 1).answer("1", "error", { code: "asleep", message: "zzz" });
    at(peers, 2).leave();
    expect(await answers).toEqual([
      { id: "peer-0", status: "answered", reply: false },
      { id: "peer-1", status: "failed", error: expect.objectContaining({ code: "asleep" }) },
      { id: "peer-2", status: "left" },
    ]);
  });

  it("names those who did not answer in time", async () => {
    const clock = new ManualClock();
    const { peers, connections } = await lobby(2, { clock });
    for (const peer of peers) await peer.connection.join("a");
    const answers = connections.room("a").request("vote", null, { timeout: 5 });
    await flushed();
    at(peers, 0).answer("1", "vote", 1);
    clock.advance(5);
    expect(await answers).toEqual([
      { id: "peer-0", status: "answered", reply: 1 },
      { id: "peer-1", status: "failed", error: expect.objectContaining({ code: "timeout" }) },
    ]);
  });

  it("counts an answer whose schema throws as that member's failure", async () => {
    const broken = {
      "~standard": {
        version: 1 as const,
        vendor: "test",
        validate: () => {
          throw new Error("broken");
        },
      },
    };
    const contract = defineEvents({ serverToClient: { vote: { request: type<null>(), reply: broken } } });
    const register = new EventRegister(contract);
    const peer = await new MemoryPeer(register, { id: "peer" }).start();
    await peer.connection.join("a");
    const answers = register.connections.room("a").request("vote", null);
    await flushed();
    peer.answer("1", "vote", 1);
    expect(await answers).toEqual([
      { id: "peer", status: "failed", error: expect.objectContaining({ code: "internal" }) },
    ]);
  });

  it("gives nothing for an empty room", async () => {
    const { connections } = await lobby(0);
    expect(await connections.room("a").request("vote")).toEqual([]);
  });

  it("asks nobody when the request cannot be encoded", async () => {
    const { peers, connections } = await lobby(1);
    await at(peers, 0).connection.join("a");
    await expect(connections.room("a").request("vote", 1n)).rejects.toMatchObject({ code: "unencodable_payload" });
    expect(await names(at(peers, 0))).toEqual([]);
  });
});
