// Durable Objects that sleep while their WebSockets stay: what goes on where it was, and what keeps none of them awake.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Peer } from "../contracts/peer.ts";
import { bearer, type ContractServer, httpOf } from "../contracts/world.ts";
import { workerdServer } from "./workerd.ts";

interface Seen {
  /** How often an object has woken. */
  readonly births: number;
  readonly endings: readonly { readonly id: string; readonly code: number; readonly reason: string }[];
  /** The codes of what `error` handlers were told. */
  readonly errors: readonly string[];
}

// When workerd lets an idle object sleep of its own accord, and some more.
const IDLE_MS = 13_000;

let server: ContractServer;

beforeEach(async () => {
  server = await workerdServer("durable/sleeper.ts", { objects: { ROOM: "Room" }, flags: ["unsafe_module"] });
});
afterEach(() => server.stop());

const open = (token: string) => Peer.open(server.url, { protocols: ["zap.v1", bearer(token)] });
const visit = (path: string) => fetch(`${httpOf(server.url)}/${path}`);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What can be seen without waking anybody. */
async function seen(): Promise<Seen> {
  return (await (await visit("seen")).json()) as Seen;
}

/** Has the object sleep, as soon as nothing keeps it awake. */
async function sleep(): Promise<void> {
  const { births } = await seen();
  expect((await visit("sleep")).status).toBe(200);
  expect((await seen()).births).toBe(births);
}

/** What is seen once `fits` of it. */
async function seenOnce(fits: (seen: Seen) => boolean): Promise<Seen> {
  for (;;) {
    const now = await seen();
    if (fits(now)) return now;
    await pause(10);
  }
}

describe("an object that nobody needs", () => {
  it("falls asleep of its own accord, although peers are connected that have said zap:hello", async () => {
    const peer = await open("ada:3600000");
    peer.send("zap:hello", {});
    await peer.event("zap:welcome");
    await pause(IDLE_MS);
    expect((await seen()).births).toBe(1);
    await peer.ask("me");
    expect((await seen()).births).toBe(2);
  });

  it("does not while a timer runs, which is how the test before would notice one of ours", async () => {
    const peer = await open("ada");
    peer.send("stay awake");
    await pause(IDLE_MS);
    await peer.ask("me");
    expect((await seen()).births).toBe(1);
  });
});

describe("an object that sleeps", () => {
  it("answers a ping without waking", async () => {
    const peer = await open("ada");
    peer.send("zap:hello", {});
    await peer.event("zap:welcome");
    await sleep();
    peer.send("zap:ping");
    expect(await peer.event("zap:pong")).toEqual({ eventName: "zap:pong", payload: null });
    expect((await seen()).births).toBe(1);
    await peer.ask("me");
    expect((await seen()).births).toBe(2);
  });

  it("wakes with its connections as they were: id, principal, state, rooms and what they carry in them", async () => {
    const peer = await open("ada");
    const id = await peer.ask("enter", "Ada");
    const before = await peer.ask("me");
    expect(before).toEqual({
      id,
      principal: { id: "ada" },
      state: { name: "Ada", connected: 1 },
      rooms: ["room"],
      meta: { since: "Ada" },
      members: 1,
    });
    for (const births of [1, 2, 3]) {
      expect((await seen()).births).toBe(births);
      await sleep();
      expect(await peer.ask("me")).toEqual(before);
    }
  });

  it("has what one peer says reach the others in the room, who sleep", async () => {
    const [one, two] = await Promise.all([open("ada"), open("bob")]);
    await Promise.all([one.ask("enter", "Ada"), two.ask("enter", "Bob")]);
    await sleep();
    one.send("say", "hello");
    expect((await two.event("said")).payload).toBe("hello");
    await one.event("said");
  });

  it("has what its own code sends reach the room", async () => {
    const peer = await open("ada");
    await peer.ask("enter", "Ada");
    await sleep();
    await visit("tell");
    await peer.event("told");
    expect((await seen()).births).toBe(2);
  });

  it.each([
    ["a code", 4001, { code: 4001, reason: "bye" }, { code: 4001, reason: "bye" }],
    ["no code", undefined, { code: 1005, reason: "" }, { code: 1005, reason: "" }],
  ])("answers a Close with %s, and runs disconnected once", async (_what, code, answer, ending) => {
    const peer = await open("ada");
    const id = await peer.ask("enter", "Ada");
    await sleep();
    if (code === undefined) peer.close();
    else peer.close(code, "bye");
    expect(await peer.closed).toEqual(answer);
    const { endings } = await seenOnce((now) => now.endings.length > 0);
    await sleep();
    const next = await open("bob");
    await next.ask("me");
    expect(endings).toEqual([{ id, rooms: ["room"], ...ending }]);
    expect((await seen()).endings).toEqual(endings);
  });

  it("sees 1006 for a link that was cut", async () => {
    const peer = await open("ada");
    await peer.ask("enter", "Ada");
    await sleep();
    peer.socket.terminate();
    expect((await seenOnce((now) => now.endings.length > 0)).endings).toMatchObject([{ code: 1006 }]);
  });

  it("does not end a connection a second time that it had closed itself", async () => {
    const peer = await open("ada");
    peer.send("leave");
    expect(await peer.closed).toEqual({ code: 4002, reason: "asked to" });
    await seenOnce((now) => now.endings.length > 0);
    await sleep();
    await (await open("bob")).ask("me");
    expect((await seen()).endings).toMatchObject([{ code: 4002 }]);
  });

  it("wakes to close who may not be there any more, before anything is sent to it", async () => {
    const [brief, other] = await Promise.all([open("ada:1000"), open("bob")]);
    await Promise.all([brief.ask("enter", "Ada"), other.ask("enter", "Bob")]);
    await sleep();
    await pause(1_000);
    await other.ask("say", "secret");
    expect(await brief.closed).toEqual({ code: 4401, reason: "the token has expired" });
    expect(brief.names()).not.toContain("said");
  });
});

describe("what a connection carries", () => {
  it("is too much over 16,384 bytes: error handlers hear not_carried, and it is closed with 1011", async () => {
    const peer = await open("ada");
    peer.send("note", 15_000);
    await peer.ask("me");
    await sleep();
    await peer.ask("me");
    expect((await seen()).errors).toEqual([]);
    peer.send("note", 16_384);
    expect(await peer.closed).toMatchObject({ code: 1011 });
    expect((await seen()).errors).toEqual(["not_carried"]);
  });
});
