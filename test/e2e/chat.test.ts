// The showcase as any WebSocket client sees it: plain text frames, and nothing of the toolkit on this side.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type Got, Peer } from "../contracts/peer.ts";
import { buildChat, type ChatServer, startChat } from "../support/chat-server.ts";

const { server: built, remove } = buildChat("e2e");
const peers: Peer[] = [];
let server: ChatServer;

beforeAll(async () => {
  server = await startChat(built);
});

afterEach(async () => {
  for (const peer of peers.splice(0)) {
    peer.close();
    await peer.closed;
  }
});

afterAll(async () => {
  await server.stop();
  remove();
});

async function open(): Promise<Peer> {
  const peer = await Peer.open(server.ws);
  peers.push(peer);
  return peer;
}

/** A peer in a room, by plain events alone. */
async function enter(name: string, room: string): Promise<Peer> {
  const peer = await open();
  peer.send("chat:join", { name, room });
  await peer.event("chat:joined");
  return peer;
}

const event =
  (eventName: string, payload?: Partial<Record<string, unknown>>) =>
  (got: Got): boolean =>
    got.eventName === eventName &&
    Object.entries(payload ?? {}).every(([key, value]) => Reflect.get(Object(got.payload), key) === value);

it.each([
  '{"eventName":"hello","payload":null}',
  '{"eventName":"hello"}',
  '{"eventName":"hello","payload":{"a":[1]},"headers":{}}',
])("greets whoever sends %s", async (text) => {
  const peer = await open();
  peer.socket.send(text);
  expect(await peer.event("hello")).toEqual({ eventName: "hello", payload: "HELLO FROM SERVER !!!" });
});

it("tells everyone in the room who came, what was said, and who left", async () => {
  const ada = await enter("Ada", "flow");
  expect(ada.got).toEqual([{ eventName: "chat:joined", payload: { name: "Ada", members: ["Ada"] } }]);
  const bob = await enter("Bob", "flow");
  const joined = { name: "Bob", members: ["Ada", "Bob"] };
  expect((await ada.next(event("chat:joined", { name: "Bob" }))).payload).toEqual(joined);
  expect((await bob.event("chat:joined")).payload).toEqual(joined);

  const before = Date.now();
  bob.send("chat:say", { text: "  two\nlines  " });
  for (const peer of [ada, bob]) {
    const said = (await peer.event("chat:said")).payload as { at: number };
    expect(said).toEqual({ from: "Bob", text: "two\nlines", at: expect.any(Number) });
    expect(said.at).toBeGreaterThanOrEqual(before);
  }

  bob.close();
  expect((await ada.event("chat:left")).payload).toEqual({ name: "Bob", members: ["Ada"] });
});

it.each([{ payload: {} }, { payload: null }, {}])("tells the others of typing, however %j it comes", async (extra) => {
  const ada = await enter("Ada", "typing");
  const bob = await enter("Bob", "typing");
  bob.socket.send(JSON.stringify({ eventName: "chat:typing", ...extra }));
  expect((await ada.event("chat:typing")).payload).toEqual({ from: "Bob" });
  // What comes next shows that nothing came before it.
  bob.send("chat:say", { text: "done" });
  await bob.event("chat:said");
  expect(bob.names()).toEqual(["chat:joined", "chat:said"]);
});

it("moves a peer that joins again: the old room sees it leave, and hears it no more", async () => {
  const ada = await enter("Ada", "old");
  const bob = await enter("Bob", "old");
  bob.send("chat:join", { name: "Robert", room: "new" });
  expect((await ada.event("chat:left")).payload).toEqual({ name: "Bob", members: ["Ada"] });
  expect((await bob.next(event("chat:joined", { name: "Robert" }))).payload).toEqual({
    name: "Robert",
    members: ["Robert"],
  });
  bob.send("chat:say", { text: "alone" });
  await bob.event("chat:said");
  ada.send("chat:say", { text: "also alone" });
  expect((await ada.event("chat:said")).payload).toMatchObject({ from: "Ada" });
});

it("takes joining the same room again for what it is: nothing new", async () => {
  const ada = await enter("Ada", "again");
  const bob = await enter("Bob", "again");
  expect(await bob.ask("chat:join", { name: "Bob", room: "again" })).toEqual({ members: ["Ada", "Bob"] });
  bob.send("chat:say", { text: "hi" });
  await ada.event("chat:said");
  expect(ada.names()).toEqual(["chat:joined", "chat:joined", "chat:said"]);
});

it("lists the rooms with how many are in them, for whoever asks", async () => {
  await enter("Ada", "list a");
  await enter("Bob", "list b");
  const cleo = await enter("Cleo", "list b");
  const { rooms } = (await cleo.ask("room:list")) as { rooms: unknown[] };
  expect(rooms).toEqual([
    { name: "list b", members: 2 },
    { name: "list a", members: 1 },
  ]);
});

it("answers a join that asks with the members", async () => {
  await enter("Ada", "asked");
  const bob = await open();
  expect(await bob.ask("chat:join", { name: "Bob", room: "asked" })).toEqual({ members: ["Ada", "Bob"] });
});

const long = "x".repeat(501);

it.each([
  ["chat:join", { name: "", room: "lobby" }, "The name is empty."],
  ["chat:join", { name: " \n", room: "lobby" }, "The name is empty."],
  ["chat:join", { name: long, room: "lobby" }, "The name is over 500 characters long."],
  ["chat:join", { name: "Ada", room: "" }, "The room is empty."],
  ["chat:join", { name: "Ada", room: long }, "The room is over 500 characters long."],
  ["chat:join", { name: "A\u0000da", room: "lobby" }, "The name holds characters that cannot be shown."],
  ["chat:join", { room: "lobby" }, 'Invalid key: Expected "name" but received undefined'],
  ["chat:say", { text: "" }, "The text is empty."],
  ["chat:say", { text: "\t " }, "The text is empty."],
  ["chat:say", { text: long }, "The text is over 500 characters long."],
  ["chat:say", { text: 7 }, "The text has to be text."],
])("refuses %s %j and says why, also to a peer that did not ask", async (eventName, payload, message) => {
  const watcher = await enter("Ada", "lobby");
  const peer = eventName === "chat:say" ? await enter("Bob", "lobby") : await open();
  peer.send(eventName, payload);
  expect((await peer.event("error")).payload).toMatchObject({
    eventName,
    code: "invalid_payload",
    details: { issues: [{ message }] },
  });
  expect(await peer.ask(eventName, payload)).toMatchObject({ code: "invalid_payload" });
  // The connection works on, and nobody heard of it.
  peer.send("hello");
  await peer.event("hello");
  watcher.send("hello");
  await watcher.event("hello");
  expect(watcher.names()).not.toContain("chat:said");
});

it("takes a name, a room and a text of exactly 500 characters", async () => {
  const most = "y".repeat(500);
  const peer = await enter(most, most);
  peer.send("chat:say", { text: most });
  expect((await peer.event("chat:said")).payload).toMatchObject({ from: most, text: most });
});

it.each(["chat:say", "chat:typing"])("refuses %s of a peer that is in no room", async (eventName) => {
  const peer = await open();
  peer.send(eventName, { text: "hi" });
  expect((await peer.event("error")).payload).toEqual({ eventName, code: "not_joined", message: "Join a room first." });
});

it("lets nobody into a room whose names would not fit into one envelope", async () => {
  const name = "n".repeat(500);
  const room = "crowded";
  let inside = 0;
  for (;;) {
    const peer = await open();
    const answer = (await peer.ask("chat:join", { name, room })) as { code?: string; members?: string[] };
    if (answer.code !== undefined) {
      expect(answer).toEqual({
        code: "room_full",
        message: "This room is full. Choose another one.",
        details: { members: inside },
      });
      break;
    }
    inside++;
    expect(answer.members).toHaveLength(inside);
  }
  // Who is inside is told of everyone, up to the last.
  const [first] = peers;
  expect((await first?.next((got) => membersOf(got) === inside))?.eventName).toBe("chat:joined");
});

function membersOf({ payload }: Got): number {
  return (payload as { members?: unknown[] }).members?.length ?? 0;
}

it("serves the page with a policy that lets it run nothing but its own script", async () => {
  const response = await fetch(server.url);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
  expect(await response.text()).toContain("<title>zaptools chat</title>");
});

it.each([
  "/server.js",
  "/../server.js",
  "/%2e%2e/server.js",
  "/page/main.js",
  "/contract.ts",
])("serves nothing else of the disk: %s", async (path) => {
  const response = await fetch(new URL(path, server.url));
  expect(response.status).toBe(404);
  await response.text();
});

it("sends its peers away with 1012 when it is stopped, and ends by itself", async () => {
  const own = await startChat(built);
  const peer = await Peer.open(own.ws);
  expect(await own.stop()).toBe(0);
  expect((await peer.closed).code).toBe(1012);
});
