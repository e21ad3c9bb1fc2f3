// Who is in a room of the chat when several nodes serve it: nodes in one process, joined by the broker in memory.
import { describe, expect, it, onTestFinished } from "vitest";
import { MemoryHub, memoryBroker } from "zaptools/brokers";
import { serve } from "zaptools/node";
import { createChatRegister } from "../../examples/chat/chat-register.ts";
import { Roster } from "../../examples/chat/roster.ts";
import { type Got, Peer } from "../contracts/peer.ts";

const person = (id: string, since: number, visit = id) => ({ id, name: id.toUpperCase(), visit, since });
const ids = (people: readonly { readonly id: string }[]) => people.map(({ id }) => id);

describe("a roster", () => {
  it("lists the people of all nodes in the order they came, and says who comes and goes", () => {
    const roster = new Roster();
    expect(ids(roster.put("one", [person("a", 1), person("c", 3)]).came)).toEqual(["a", "c"]);
    expect(ids(roster.put("two", [person("b", 2)]).came)).toEqual(["b"]);
    expect(ids(roster.people())).toEqual(["a", "b", "c"]);
    expect(ids(roster.put("one", [person("c", 3)]).left)).toEqual(["a"]);
    expect(ids(roster.put("two", []).left)).toEqual(["b"]);
    roster.put("one", []);
    expect(roster.isEmpty).toBe(true);
  });

  it("takes a visit on a new connection for the same person, whatever becomes of the old one", () => {
    const roster = new Roster();
    roster.put("dead", [person("old", 1, "page"), person("other", 2)]);
    expect(roster.put("live", [person("new", 3, "page")])).toEqual({ came: [], left: [] });
    expect(ids(roster.people())).toEqual(["other", "new"]);
    // A node that repeats what it said before brings nobody back.
    expect(roster.put("dead", [person("old", 1, "page"), person("other", 2)])).toEqual({ came: [], left: [] });
    expect(ids(roster.put("dead", []).left)).toEqual(["other"]);
    expect(ids(roster.people())).toEqual(["new"]);
  });

  it("shows nobody whose newest connection has gone, though an older one has not been missed yet", () => {
    const roster = new Roster();
    roster.put("dead", [person("old", 1, "page")]);
    roster.put("live", [person("new", 2, "page")]);
    expect(ids(roster.put("live", []).left)).toEqual(["new"]);
    expect(ids(roster.people())).toEqual([]);
  });

  it("lists namesakes, each", () => {
    const roster = new Roster();
    roster.put("one", [{ ...person("a", 1), name: "Ada" }]);
    roster.put("two", [{ ...person("b", 2), name: "Ada" }]);
    expect(roster.people().map(({ name }) => name)).toEqual(["Ada", "Ada"]);
  });
});

async function node(hub: MemoryHub) {
  const register = createChatRegister(() => {}, { broker: memoryBroker({ hub }) });
  const server = await serve(register, { port: 0, host: "127.0.0.1" });
  onTestFinished(async () => {
    await server.close();
    await register.connections.cluster.leave();
  });
  await register.connections.cluster.ready();
  return { register, url: server.url.replace("http", "ws") };
}

async function enter(url: string, name: string, visit?: string): Promise<Peer> {
  const peer = await Peer.open(url);
  await peer.ask("chat:join", { name, room: "lobby", ...(visit === undefined ? {} : { visit }) });
  return peer;
}

const named =
  (eventName: string, name: string) =>
  (got: Got): boolean =>
    got.eventName === eventName && Object(got.payload).name === name;

it("tells everyone on all nodes who came and who left, with the members of all nodes", async () => {
  const hub = new MemoryHub();
  const [one, two] = [await node(hub), await node(hub)];
  const ada = await enter(one.url, "Ada");
  const bob = await enter(two.url, "Bob");
  expect((await ada.next(named("chat:joined", "Bob"))).payload).toEqual({ name: "Bob", members: ["Ada", "Bob"] });
  expect(await bob.ask("room:list")).toEqual({ rooms: [{ name: "lobby", members: 2 }] });
  // A node that comes later is told by the others.
  const three = await node(hub);
  const cleo = await Peer.open(three.url);
  await expect.poll(() => cleo.ask("room:list")).toEqual({ rooms: [{ name: "lobby", members: 2 }] });
  expect(await cleo.ask("chat:join", { name: "Cleo", room: "lobby" })).toEqual({ members: ["Ada", "Bob", "Cleo"] });
  ada.close();
  for (const peer of [bob, cleo]) {
    expect((await peer.next(named("chat:left", "Ada"))).payload).toEqual({ name: "Ada", members: ["Bob", "Cleo"] });
  }
  await two.register.connections.cluster.leave();
  expect((await cleo.next(named("chat:left", "Bob"))).payload).toEqual({ name: "Bob", members: ["Cleo"] });
});

it("neither lists nor announces a page twice that connects again on another node", async () => {
  const hub = new MemoryHub();
  const [one, two] = [await node(hub), await node(hub)];
  const ada = await enter(one.url, "Ada");
  await enter(one.url, "Bob", "page");
  const again = await enter(two.url, "Bob", "page");
  again.send("chat:say", { text: "back" });
  await ada.event("chat:said");
  const told = ada.names().filter((name) => name !== "chat:join");
  expect(told).toEqual(["chat:joined", "chat:joined", "chat:said"]);
  expect(await ada.ask("room:list")).toEqual({ rooms: [{ name: "lobby", members: 2 }] });
});
