// Who gets what is sent across nodes: once, in order, and from no node that need not send it.
import { expect, it } from "vitest";
import { at } from "../../support/at.ts";
import type { Peer } from "../peer.ts";
import type { BrokerScene } from "./scene.ts";

/** Sending to rooms, to everyone and to one. */
export function deliveryTests(scene: BrokerScene): void {
  const { client, member, idOf, statusOf, newRoom, settle } = scene;

  it("gives what is sent to a room to its members on all nodes, once, and to nobody else", async () => {
    const room = newRoom();
    const members = await Promise.all([member(0, room), member(1, room), member(1, room), member(2, room)]);
    const others = await Promise.all([client(0), client(1), member(2, "elsewhere")]);
    const result = await at(members, 0).ask("room:send", { room, event: "news", payload: { text: "grüße 👋" } });
    expect(result).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect((await at(members, 3).event("news")).payload).toEqual({ text: "grüße 👋" });
    const got = await settle(...members, ...others);
    expect(got).toEqual([...members.map(() => ["news"]), ...others.map(() => [])]);
  });

  it("broadcasts to everyone, once", async () => {
    const everyone = await Promise.all([client(0), client(1), client(2), member(2, newRoom())]);
    await at(everyone, 1).ask("broadcast", { event: "news" });
    expect(await settle(...everyone)).toEqual(everyone.map(() => ["news"]));
  });

  it("gives a member of several rooms that are addressed one copy", async () => {
    const [a, b, c] = [newRoom(), newRoom(), newRoom()];
    const members = await Promise.all([member(0, a, b), member(1, a, b, c), member(2, c), member(1, b)]);
    await at(members, 2).ask("send", { rooms: [a, b, c, a], event: "news" });
    expect(await settle(...members)).toEqual(members.map(() => ["news"]));
  });

  it("reaches the members of very many rooms with one event", async () => {
    const many = Array.from({ length: 40 }, newRoom);
    const members = await Promise.all(
      [0, 1, 2].map((node) => member(node, at(many, node * 13), at(many, node * 13 + 1))),
    );
    await at(members, 0).ask("send", { rooms: many, event: "news" });
    expect(await settle(...members)).toEqual(members.map(() => ["news"]));
  });

  it("leaves out connections, ids and rooms on all nodes", async () => {
    const [room, muted] = [newRoom(), newRoom()];
    const members = await Promise.all([0, 0, 1, 1, 2].map((node) => member(node, room)));
    await at(members, 3).ask("join", { room: muted });
    const id = await idOf(at(members, 4));
    const wish = { rooms: [room], event: "news", exclude: [id, muted], excludeSelf: true };
    await at(members, 0).ask("send", wish);
    await at(members, 2).event("news");
    expect(await settle(...members)).toEqual([[], ["news"], ["news"], [], []]);
  });

  it("finds a connection wherever it lives", async () => {
    const [here, there] = await Promise.all([client(0), client(2)]);
    const results = [
      await here.ask("sendTo", { id: await idOf(here), event: "direct", payload: 1 }),
      await here.ask("sendTo", { id: await idOf(there), event: "direct", payload: 2 }),
    ];
    expect(results).toEqual(["sent", "queued"]);
    expect((await here.event("direct")).payload).toBe(1);
    expect((await there.event("direct")).payload).toBe(2);
    expect(await settle(here, there)).toEqual([["direct"], ["direct"]]);
  });

  it("stays on the node when it is told to", async () => {
    const room = newRoom();
    const members = await Promise.all([member(0, room), member(1, room)]);
    await at(members, 0).ask("send", { rooms: [room], event: "near", local: true });
    await at(members, 0).ask("broadcast", { event: "near", local: true });
    await at(members, 0).ask("send", { rooms: [room], event: "far" });
    expect(await settle(...members)).toEqual([["near", "near", "far"], ["far"]]);
  });

  it("carries to a node only the rooms that have members there", async () => {
    const room = newRoom();
    const [sender, watcher, receiver] = await Promise.all([client(0), client(2), member(1, room)]);
    const before = (await statusOf(watcher)).received;
    for (let index = 0; index < 200; index++) sender.send("room:send", { room, event: "news" });
    const got = (await settle(receiver))[0] ?? [];
    expect(got.filter((event) => event === "news")).toHaveLength(200);
    await settle(watcher);
    const received = (await statusOf(watcher)).received - before;
    console.log(`${scene.name}: a node without members received ${received} records while 200 were published`);
    expect(received).toBeLessThan(50);
  });

  it("goes on carrying a room whose last member left and whose next came, however fast", async () => {
    const [room, sender, hopper] = [newRoom(), await client(0), await client(1)];
    for (let index = 0; index < 30; index++) {
      hopper.send("join", { room });
      hopper.send("leave", { room });
    }
    await hopper.ask("join", { room });
    await sender.ask("room:send", { room, event: "news" });
    expect(await settle(hopper)).toEqual([["news"]]);
  });

  it("keeps the order of room event, direct event, room event, for members here and elsewhere", async () => {
    const room = newRoom();
    const [here, there] = await Promise.all([member(0, room), member(1, room)]);
    const steps = (peer: Peer) => peer.got.filter(({ eventName }) => eventName === "step").map((got) => got.payload);
    const asker = await client(0);
    for (const peer of [here, there]) {
      const id = await idOf(peer);
      const before = steps(peer).length;
      await asker.ask("interleave", { room, id, count: 200 });
      await settle(here, there);
      expect(steps(peer).slice(before)).toEqual(Array.from({ length: 600 }, (_, index) => index));
      const other = peer === here ? there : here;
      expect(steps(other).slice(-400)).toEqual(
        Array.from({ length: 600 }, (_, index) => index).filter((index) => index % 3 !== 1),
      );
    }
  });
}
