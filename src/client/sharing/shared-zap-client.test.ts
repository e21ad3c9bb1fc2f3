// Clients that share a connection, one thing at a time, in simulated tabs. The model test has them all at once.
import { expect, it } from "vitest";
import { SHARED_URL, said, sharedTabs } from "../../../test/support/shared-tabs.ts";
import { SimulatedTab } from "../../../test/support/simulated-tab.ts";
import { settled } from "../../../test/support/sleeping-clock.ts";
import { HELLO_TEXT, PONG_TEXT } from "../../protocol/control.ts";
import { ZapError } from "../../protocol/errors.ts";
import { SharedZapClient } from "./shared-zap-client.ts";
import type { TabChannel } from "./tabs.ts";

it("opens one connection, and says hello on it once and first", async () => {
  const { network, two } = sharedTabs();
  const { socket } = await two();
  expect(network.sockets).toHaveLength(1);
  expect(socket.received.filter((text) => text === HELLO_TEXT)).toEqual([HELLO_TEXT]);
  expect(socket.received[0]).toBe(HELLO_TEXT);
});

it("knows in every tab what the server has said of itself", async () => {
  const { two } = sharedTabs();
  const { leader, follower } = await two();
  expect([...leader.client.features]).toEqual(["draining"]);
  expect([...follower.client.features]).toEqual(["draining"]);
  await expect(follower.client.send("say", "x".repeat(300))).rejects.toMatchObject({ code: "envelope_too_large" });
});

it("resolves a send of a tab that follows when the leading one has handed it to its socket", async () => {
  const { clock, two } = sharedTabs();
  const { follower, socket } = await two();
  const outcome = follower.client.send("say");
  await settled();
  expect(said(socket)).toEqual([]);
  await clock.advance(5);
  expect(said(socket)).toEqual(["say"]);
  await clock.advance(5);
  expect(await outcome).toBe("sent");
});

it("answers the requests of two tabs that use the same ids", async () => {
  const { clock, two } = sharedTabs();
  const { leader, follower, socket } = await two();
  const answers = [leader.client.request("ask", "l"), follower.client.request("ask", "f")];
  await clock.advance(10);
  for (const { eventName, payload, headers } of socket.events.toReversed()) {
    if (eventName === "ask") socket.sayEvent("ask", `to ${payload}`, { zap: { re: headers?.zap?.id } });
  }
  await clock.advance(10);
  expect(await Promise.all(answers)).toEqual(["to l", "to f"]);
});

it("answers what the server asks by the tab that leads, whatever the answer looks like", async () => {
  const { clock, two } = sharedTabs();
  const { leader, follower, socket } = await two();
  const answer = { zap: { id: "1" } };
  leader.client.onEvent("poll", () => answer);
  leader.client.onEvent("fail", () => {
    throw new ZapError("full", "It is full.", answer);
  });
  follower.client.onEvent("poll", () => "not asked");
  socket.sayEvent("poll", null, { zap: { id: "s1" } });
  await clock.advance(100);
  socket.sayEvent("fail", null, { zap: { id: "s2" } });
  await clock.advance(100);
  expect(socket.events.filter(({ headers }) => headers?.zap?.re !== undefined)).toMatchObject([
    { eventName: "poll", payload: answer, headers: { zap: { re: "s1" } } },
    { eventName: "error", payload: { code: "full", details: answer }, headers: { zap: { re: "s2" } } },
  ]);
});

it("brings each tab the pong it asked for, so that each knows its own latency", async () => {
  const { clock, two } = sharedTabs();
  const { leader, follower, socket } = await two();
  // The leading tab asks too, as soon as it hears that the user is back.
  follower.signal("online");
  await clock.advance(60);
  expect(socket.events.filter(({ eventName }) => eventName === "zap:ping")).toHaveLength(2);
  const before = leader.client.getSnapshot().latency;
  socket.say(PONG_TEXT);
  await clock.advance(5);
  expect(leader.client.getSnapshot().latency).toBe(before);
  expect(follower.client.getSnapshot().latency).toBe(65);
  socket.say(PONG_TEXT);
  expect(leader.client.getSnapshot().latency).toBe(60);
});

it("drops what is volatile in a tab that follows while the network is slow, and goes on when it is not", async () => {
  const { clock, two } = sharedTabs();
  const { follower, socket } = await two();
  socket.bufferedAmount = 1_000_000;
  for (let left = 1_200; left > 0; left--) follower.client.send("say", "x".repeat(200));
  await clock.advance(1_000);
  expect(said(socket)).toHaveLength(1_200);
  expect(await follower.client.send("move", null, {}, { volatile: true })).toBe("dropped");
  expect(await follower.client.send("say")).toBe("queued");
  socket.bufferedAmount = 0;
  await clock.advance(1_000);
  const moved = follower.client.send("move", null, {}, { volatile: true });
  await clock.advance(10);
  expect(await moved).toBe("sent");
});

it("ends the session that has been silent for longest when there are too many", async () => {
  const { clock, network, tabs, two } = sharedTabs();
  const { socket } = await two();
  const heard: { kind?: string; to?: string; reason?: string }[] = [];
  const channel: TabChannel = tabs.seenFrom(new SimulatedTab(clock, network)).open((note) => heard.push(Object(note)));
  for (let tab = 0; tab < 260; tab++) channel.post({ kind: "join", from: `x${tab}`, session: 1 });
  await clock.advance(100);
  const ended = heard.filter(({ kind }) => kind === "end");
  expect(ended.map(({ reason }) => reason)).toEqual(Array(5).fill("too many tabs"));
  expect(ended.slice(1).map(({ to }) => to)).toEqual(["x0", "x1", "x2", "x3"]);
  expect(socket.link).toBe("open");
});

it("is an ordinary client where tabs cannot meet", async () => {
  const { network, open } = sharedTabs();
  const one = open({ tabs: undefined });
  const other = open({ tabs: undefined });
  await settled();
  expect(network.sockets).toHaveLength(2);
  for (const socket of network.sockets) socket.accept();
  expect([one.client.role, other.client.role]).toEqual(["alone", "alone"]);
  expect(await one.client.send("say")).toBe("sent");
});

it("wants a name where the address is not known yet", () => {
  expect(() => new SharedZapClient(() => SHARED_URL)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  expect(new SharedZapClient(() => SHARED_URL, { name: "chat" }).getSnapshot().status).toBe("idle");
});

it("is closed for good by an address that is none", async () => {
  const { clock, network, tabs } = sharedTabs();
  const errors: unknown[] = [];
  const client = new SharedZapClient("no address", {
    tabs: tabs.seenFrom(new SimulatedTab(clock, network)),
    WebSocket: network.WebSocket,
    clock,
    environment: () => () => {},
    onError: (error) => errors.push(error),
  });
  const connecting = client.connect();
  await clock.advance(2_000);
  await expect(connecting).rejects.toMatchObject({ code: "closed" });
  expect(String(errors)).toMatch("not a WebSocket address");
});
