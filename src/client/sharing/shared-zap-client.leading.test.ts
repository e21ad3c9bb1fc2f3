// Which of the clients that share a connection leads, and what becomes of what is under way when another does.
import { expect, it } from "vitest";
import { type Opened, type SharedTabs, said, sharedTabs } from "../../../test/support/shared-tabs.ts";
import { SimulatedTab } from "../../../test/support/simulated-tab.ts";

it("has the leading tab try again at once when the user comes back to another", async () => {
  const { clock, network, two } = sharedTabs();
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
  const earlier = sharedTabs();
  const first = await earlier.two();
  first.leader.tab.freeze();
  const frozen = earlier.clock.now();
  while (first.follower.client.role === "follower") await earlier.clock.advance(10);
  const untilElected = earlier.clock.now() - frozen;

  const { clock, network, two } = sharedTabs();
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
  const { clock, network, tabs, two } = sharedTabs();
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
  const { clock, network, tabs, two } = sharedTabs();
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
  const { clock, tabs, two } = sharedTabs();
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
  const { clock, network, delays, two } = sharedTabs();
  const { leader, follower, socket } = await two();
  Object.assign(delays, { note: 50, lock: 0 });
  socket.end(1000, "enough");
  await clock.advance(5_000);
  for (const { client } of [leader, follower]) {
    expect(client.getSnapshot()).toMatchObject({ status: "closed", lastClose: { code: 1000, reason: "enough" } });
  }
  expect(network.sockets).toHaveLength(1);
});

it("stays with the tab that leads when one that was frozen still believes it does", async () => {
  const { clock, network, open, two } = sharedTabs();
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
  const { clock, network, tabs, two } = sharedTabs();
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
  const { clock, network, tabs, open } = sharedTabs();
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
async function waiting(): Promise<SharedTabs & { leader: Opened; follower: Opened }> {
  const gathered = sharedTabs();
  const { clock, open } = gathered;
  const leader = open({ random: () => 0.01 });
  const follower = open({ random: () => 0.99 });
  const waitsLong = () => (follower.client.getSnapshot().retryAt ?? 0) > clock.now() + 5_000;
  while (!waitsLong()) await clock.advance(100);
  return { ...gathered, leader, follower };
}

it("follows at once when the leading tab is connected, however long it was to wait", async () => {
  const { leader, follower, clock, network } = await waiting();
  const isSo = () =>
    leader.client.getSnapshot().status === "connecting" &&
    (follower.client.getSnapshot().retryAt ?? 0) > clock.now() + 2_000;
  while (!isSo()) await clock.advance(10);
  network.last.accept();
  await clock.advance(300);
  expect(follower.client.getSnapshot().status).toBe("open");
});

it("connects at once when it is to lead, however long it was to wait", async () => {
  const { leader, follower, clock, network } = await waiting();
  const dials = network.sockets.length;
  leader.client.close();
  await clock.advance(300);
  expect(follower.client.role).toBe("leader");
  expect(network.sockets).toHaveLength(dials + 1);
});

it("dials no connection for a tab that is put to rest while it waits for last words", async () => {
  const { clock, network, tabs, two } = sharedTabs();
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
  const { clock, network, tabs, open, two } = sharedTabs();
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
