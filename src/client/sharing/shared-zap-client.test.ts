// Clients that share a connection, one thing at a time, in simulated tabs. The model test has them all at once.
import { beforeEach, expect, it } from "vitest";
import { SimulatedNetwork, type SimulatedSocket } from "../../../test/support/simulated-network.ts";
import { SimulatedTab } from "../../../test/support/simulated-tab.ts";
import { SimulatedTabs } from "../../../test/support/simulated-tabs.ts";
import { SleepingClock, settled } from "../../../test/support/sleeping-clock.ts";
import { encodeWelcome, HELLO_TEXT, PONG_TEXT } from "../../protocol/control.ts";
import { ZapError } from "../../protocol/errors.ts";
import type { NetworkSignal } from "../environment.ts";
import { type SharedClientOptions, SharedZapClient } from "./shared-zap-client.ts";
import type { TabChannel } from "./tabs.ts";

const URL = "wss://server/ws";
const WELCOME = encodeWelcome({ id: "zpt-1", heartbeatMs: 600_000, envelopeBytes: 300, features: ["draining"] });

interface Opened {
  readonly client: SharedZapClient;
  readonly tab: SimulatedTab;
  readonly errors: string[];
  signal: (signal: NetworkSignal) => void;
}

let clock: SleepingClock;
let network: SimulatedNetwork;
let tabs: SimulatedTabs;
/** Milliseconds from one tab to another. */
let delays: { note: number; lock: number };

beforeEach(start);

function start(): void {
  delays = { note: 5, lock: 5 };
  clock = new SleepingClock();
  network = new SimulatedNetwork();
  tabs = new SimulatedTabs(clock, (of) => delays[of]);
}

/** A tab whose client wants to be connected. */
function open(options: Pick<SharedClientOptions<never>, "tabs" | "random"> = {}): Opened {
  const tab = new SimulatedTab(clock, network);
  const errors: string[] = [];
  const opened: Opened = {
    tab,
    errors,
    signal: () => {},
    client: new SharedZapClient(URL, {
      WebSocket: tab.WebSocket,
      clock: tab.clock,
      random: () => 0,
      tabs: tabs.seenFrom(tab),
      environment: (listener) => {
        opened.signal = listener;
        return () => {};
      },
      onError: (error, about) => errors.push(`${about}: ${error}`),
      ...options,
    }),
  };
  opened.client.connect();
  return opened;
}

/** A leader whose connection is open, and a follower. */
async function two(): Promise<{ leader: Opened; follower: Opened; socket: SimulatedSocket }> {
  const leader = open();
  const follower = open();
  await clock.advance(100);
  const socket = network.last;
  socket.accept();
  socket.say(WELCOME);
  await clock.advance(300);
  expect([leader.client.role, follower.client.role]).toEqual(["leader", "follower"]);
  expect(follower.client.getSnapshot().status).toBe("open");
  return { leader, follower, socket };
}

const said = (socket: SimulatedSocket) =>
  socket.events.filter(({ eventName }) => !eventName.startsWith("zap:")).map(({ eventName }) => eventName);

it("opens one connection, and says hello on it once and first", async () => {
  const { socket } = await two();
  expect(network.sockets).toHaveLength(1);
  expect(socket.received.filter((text) => text === HELLO_TEXT)).toEqual([HELLO_TEXT]);
  expect(socket.received[0]).toBe(HELLO_TEXT);
});

it("knows in every tab what the server has said of itself", async () => {
  const { leader, follower } = await two();
  expect([...leader.client.features]).toEqual(["draining"]);
  expect([...follower.client.features]).toEqual(["draining"]);
  await expect(follower.client.send("say", "x".repeat(300))).rejects.toMatchObject({ code: "envelope_too_large" });
});

it("resolves a send of a tab that follows when the leading one has handed it to its socket", async () => {
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

it("has the leading tab try again at once when the user comes back to another", async () => {
  const { leader, follower, socket } = await two();
  socket.end(1013);
  await clock.advance(200);
  for (let attempts = 8; attempts > 0; attempts--) {
    network.last.end();
    await clock.advance(200);
  }
  const dials = network.sockets.length;
  network.last.link = "half-open";
  expect(leader.client.getSnapshot().status).toBe("connecting");
  network.last.end();
  follower.signal("online");
  await clock.advance(200);
  expect(network.sockets.length).toBeGreaterThan(dials);
});

it("does not give up a frame while a leader that was frozen could still take it", async () => {
  const first = await two();
  first.leader.tab.freeze();
  const frozen = clock.now();
  while (first.follower.client.role === "follower") await clock.advance(10);
  const untilElected = clock.now() - frozen;

  start();
  const { leader, follower, socket } = await two();
  leader.tab.freeze();
  await clock.advance(untilElected - 50);
  const late = follower.client.send("late");
  await clock.advance(300);
  expect(follower.client.role).toBe("leader");
  const after = follower.client.send("after");
  // Had it been given up, the next one would have left by now.
  for (const { link } of network.sockets.slice(1)) expect(link).toBe("closed");
  await leader.tab.thaw();
  expect(said(socket)).toEqual(["late"]);
  await clock.advance(1_000);
  network.last.accept();
  await clock.advance(100);
  expect(said(network.last)).toEqual(["after"]);
  expect(await Promise.all([late, after])).toEqual(["sent", "sent"]);
});

it("sends by the next connection what was said when the leading tab had just died", async () => {
  const { leader, follower, socket } = await two();
  leader.tab.die();
  tabs.died(leader.tab);
  await clock.advance(50);
  const outcome = follower.client.send("say");
  await clock.advance(1_000);
  network.last.accept();
  expect(await outcome).toBe("sent");
  expect(said(socket)).toEqual([]);
  expect(said(network.last)).toEqual(["say"]);
});

it("rejects what was on its way to a tab that died, and says so to onError, once", async () => {
  const { leader, follower, socket } = await two();
  const outcome = follower.client.send("say");
  leader.tab.die();
  tabs.died(leader.tab);
  await clock.advance(5_000);
  await expect(outcome).rejects.toMatchObject({ code: "disconnected" });
  expect(follower.errors).toEqual(["say: ZapError: say: disconnected"]);
  network.last.accept();
  await clock.advance(1_000);
  expect([...said(socket), ...said(network.last)]).toEqual([]);
});

it("tells onError of what waited behind much else when the leading tab died", async () => {
  const { leader, follower, socket } = await two();
  socket.bufferedAmount = 1_000_000;
  for (let left = 1_200; left > 0; left--) follower.client.send("much", "x".repeat(200)).catch(() => {});
  expect(await follower.client.send("say")).toBe("queued");
  leader.tab.die();
  tabs.died(leader.tab);
  await clock.advance(5_000);
  expect(follower.errors.filter((error) => error.startsWith("say"))).toEqual(["say: ZapError: say: disconnected"]);
});

it("stays closed in every tab when the server says so, also where the lock is faster than the word", async () => {
  const { leader, follower, socket } = await two();
  delays = { note: 50, lock: 0 };
  socket.end(1000, "enough");
  await clock.advance(5_000);
  for (const { client } of [leader, follower]) {
    expect(client.getSnapshot()).toMatchObject({ status: "closed", lastClose: { code: 1000, reason: "enough" } });
  }
  expect(network.sockets).toHaveLength(1);
});

it("stays with the tab that leads when one that was frozen still believes it does", async () => {
  const { leader, follower } = await two();
  const third = open();
  await clock.advance(500);
  leader.tab.freeze();
  // Both ask for a sign of life, and the frozen one will answer when it can.
  follower.signal("online");
  third.signal("online");
  await clock.advance(12_000);
  network.last.accept();
  await clock.advance(1_000);
  const roles = [follower.client.role, third.client.role];
  expect(roles.toSorted()).toEqual(["follower", "leader"]);
  const statuses: string[] = [];
  for (const { client } of [follower, third]) client.onStateChange((status) => statuses.push(status));
  await leader.tab.thaw();
  await clock.advance(5_000);
  expect(statuses).toEqual([]);
  expect([follower.client.role, third.client.role]).toEqual(roles);
  expect(leader.client.role).toBe("follower");
  expect(leader.client.getSnapshot().status).toBe("open");
});

it("finds back to the tab that leads when a stranger says that it does, without taking the lead from it", async () => {
  const { follower, socket } = await two();
  const stranger = tabs.seenFrom(new SimulatedTab(clock, network)).open(() => {});
  stranger.post({ kind: "lead", from: "stranger", term: 2 ** 50, open: true });
  await clock.advance(300);
  const outcome = follower.client.send("say");
  await clock.advance(12_000);
  expect(await outcome).toBe("queued");
  expect(said(socket)).toEqual(["say"]);
  expect([follower.client.role, follower.client.getSnapshot().status]).toEqual(["follower", "open"]);
  expect(network.sockets).toHaveLength(1);
});

it("begins a session with the tab that leads only", async () => {
  open();
  const follower = open();
  await clock.advance(100);
  const stranger = tabs.seenFrom(new SimulatedTab(clock, network)).open(() => {});
  stranger.post({ kind: "joined", from: "stranger", to: "tab2", session: 1, welcome: "" });
  await clock.advance(100);
  expect(follower.client.getSnapshot().status).toBe("connecting");
  network.last.accept();
  await clock.advance(100);
  expect(follower.client.getSnapshot().status).toBe("open");
});

/** Two tabs without a server, of which the follower waits for long. */
async function waiting(): Promise<{ leader: Opened; follower: Opened }> {
  const leader = open({ random: () => 0.01 });
  const follower = open({ random: () => 0.99 });
  const waitsLong = () => (follower.client.getSnapshot().retryAt ?? 0) > clock.now() + 5_000;
  while (!waitsLong()) await clock.advance(100);
  return { leader, follower };
}

it("follows at once when the leading tab is connected, however long it was to wait", async () => {
  const { leader, follower } = await waiting();
  const isSo = () =>
    leader.client.getSnapshot().status === "connecting" &&
    (follower.client.getSnapshot().retryAt ?? 0) > clock.now() + 2_000;
  while (!isSo()) await clock.advance(10);
  network.last.accept();
  await clock.advance(300);
  expect(follower.client.getSnapshot().status).toBe("open");
});

it("connects at once when it is to lead, however long it was to wait", async () => {
  const { leader, follower } = await waiting();
  const dials = network.sockets.length;
  leader.client.close();
  await clock.advance(300);
  expect(follower.client.role).toBe("leader");
  expect(network.sockets).toHaveLength(dials + 1);
});

it("dials no connection for a tab that is put to rest while it waits for last words", async () => {
  const { leader, follower, socket } = await two();
  const lost = expect(follower.client.send("say")).rejects.toMatchObject({ code: "disconnected" });
  leader.tab.die();
  tabs.died(leader.tab);
  follower.signal("offline");
  await clock.advance(200);
  expect(follower.client.role).toBe("leader");
  expect(follower.client.getSnapshot().status).toBe("connecting");
  tabs.rest(follower.tab);
  await lost;
  expect(network.sockets).toEqual([socket]);
  await clock.advance(5_000);
  expect(network.sockets).toHaveLength(2);
  network.last.accept();
  expect(follower.client.getSnapshot().status).toBe("open");
});

it("hands over again, in order, what comes after a note that was lost on the channel", async () => {
  const { socket } = await two();
  let lost = 0;
  const seen = tabs.seenFrom(new SimulatedTab(clock, network));
  const lossy = open({
    tabs: {
      ...seen,
      open(listener) {
        const { post, close } = seen.open(listener);
        const isLost = (note: object) => "kind" in note && note.kind === "hand" && lost++ === 0;
        return { close, post: (note) => isLost(note) || post(note) };
      },
    },
  });
  await clock.advance(100);
  const outcomes = [lossy.client.send("a"), lossy.client.send("b")];
  await clock.advance(1_000);
  expect(lost).toBeGreaterThan(2);
  expect(said(socket)).toEqual(["a", "b"]);
  expect(await Promise.all(outcomes)).toEqual(["sent", "sent"]);
});

it("ends the session that has been silent for longest when there are too many", async () => {
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
  const one = open({ tabs: undefined });
  const other = open({ tabs: undefined });
  await settled();
  expect(network.sockets).toHaveLength(2);
  for (const socket of network.sockets) socket.accept();
  expect([one.client.role, other.client.role]).toEqual(["alone", "alone"]);
  expect(await one.client.send("say")).toBe("sent");
});

it("wants a name where the address is not known yet", () => {
  expect(() => new SharedZapClient(() => URL)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  expect(new SharedZapClient(() => URL, { name: "chat" }).getSnapshot().status).toBe("idle");
});

it("is closed for good by an address that is none", async () => {
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
