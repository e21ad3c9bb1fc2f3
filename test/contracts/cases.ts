// What every connector has to do, whatever its framework or runtime, case by case. Starts nothing itself.
import { expect } from "vitest";
import { whileDraining } from "./draining.ts";
import { GUARDED_CONNECTIONS } from "./guarded-app.ts";
import { NEIGHBOUR_HEADER, NEIGHBOUR_PATH } from "./neighbour.ts";
import { Peer } from "./peer.ts";
import { answerOf, echoOf, rawUpgrade, refusal } from "./wire.ts";
import { bearer, guardedReport, httpOf, idOf, type World } from "./world.ts";

/** One case: the rule as a sentence, and what shows it. */
interface Case {
  readonly rule: string;
  run(world: World): Promise<void>;
}

const ASKS_WHO = '{"eventName":"whoami","payload":null,"headers":{"zap":{"id":"1"}}}';

const all = {
  greeting: {
    rule: "greets",
    async run(world) {
      const peer = await world.open();
      peer.send("hello");
      expect(await peer.event("hello")).toEqual({ eventName: "hello", payload: "HELLO FROM SERVER !!!" });
      peer.close();
    },
  },

  "both directions": {
    rule: "carries any payload both ways, with headers",
    async run(world) {
      for (const payload of ["grüße 👋", null, false, 0, "", { deep: [1, { er: [] }] }]) {
        const peer = await world.open();
        peer.send("echo", payload, { trace: "t" });
        expect(await peer.event("echo")).toEqual({ eventName: "echo", payload, headers: { trace: "t" } });
        peer.close();
      }
    },
  },

  order: {
    rule: "keeps the order under asynchronous handlers",
    async run(world) {
      const peer = await world.open();
      const delays = [20, 0, 10, 1, 5];
      for (const delay of delays) peer.send("slow", delay);
      await peer.next(({ payload }) => payload === 5);
      expect(peer.got.map(({ payload }) => payload)).toEqual(delays);
      peer.close();
    },
  },

  "first frame": {
    rule: "finishes connected before any event, also one that came together with the upgrade",
    async run(world) {
      const { text } = await answerOf(rawUpgrade(`${world.url}/ws`, [], ASKS_WHO), "frame");
      expect(JSON.parse(text)).toMatchObject({ eventName: "whoami", payload: { ready: true } });
    },
  },

  "first frame, asynchronous authentication": {
    rule: "keeps an event that came together with the upgrade while authenticate takes its time",
    async run(world) {
      const offer = [`Sec-WebSocket-Protocol: zap.v1, ${bearer("good")}`];
      const { text } = await answerOf(rawUpgrade(`${world.url}/guarded`, offer, ASKS_WHO), "frame");
      expect(JSON.parse(text)).toMatchObject({ eventName: "whoami", payload: { id: "ada" } });
    },
  },

  "close by the client": {
    rule: "sees a close of the client with code and reason",
    async run(world) {
      const peer = await world.open();
      const id = await idOf(peer);
      peer.close(4001, "bye");
      expect(await peer.closed).toEqual({ code: 4001, reason: "bye" });
      expect(await world.endingOf(id)).toEqual({ code: 4001, reason: "bye" });
    },
  },

  "close by the server": {
    rule: "closes with code and reason, the reason cut at 123 bytes",
    async run(world) {
      const peer = await world.open();
      const id = await idOf(peer);
      peer.send("close", { code: 4002, reason: "ü".repeat(100) });
      expect(await peer.closed).toEqual({ code: 4002, reason: "ü".repeat(61) });
      expect(await world.endingOf(id)).toEqual({ code: 4002, reason: "ü".repeat(61) });
    },
  },

  "close without a code": {
    rule: "sees 1005 for a close without a code, and answers it",
    async run(world) {
      const peer = await world.open();
      const id = await idOf(peer);
      peer.close();
      expect((await peer.closed).code).toBe(1005);
      expect(await world.endingOf(id)).toEqual({ code: 1005, reason: "" });
    },
  },

  "abrupt loss": {
    rule: "sees 1006 for a link that was cut",
    async run(world) {
      const peer = await world.open();
      const id = await idOf(peer);
      peer.socket.terminate();
      expect(await world.endingOf(id)).toMatchObject({ code: 1006 });
    },
  },

  subprotocol: {
    rule: "selects zap.v1 where it is offered, never a token, and none for those who offer none",
    async run(world) {
      const peer = await world.open("/ws", { protocols: ["zap.v1", bearer("secret")] });
      expect(peer.socket.protocol).toBe("zap.v1");
      const plain = await world.open();
      expect(plain.socket.protocol).toBe("");
      for (const one of [peer, plain]) one.close();
    },
  },

  origin: {
    rule: "refuses a foreign origin before the upgrade with 403",
    async run(world) {
      const headers = { Origin: "https://evil.example" };
      expect(await refusal(`${world.url}/ws`, { headers })).toMatchObject({ status: 403 });
    },
  },

  "refused before the upgrade": {
    rule: "refuses before the upgrade, with 401 or the application's own status and headers; no connection is made",
    async run(world) {
      const url = `${world.url}/guarded`;
      expect(await refusal(url)).toMatchObject({ status: 401 });
      const headers = { Authorization: "Bearer unpaid" };
      expect(await refusal(url, { headers })).toMatchObject({ status: 402, headers: { "x-plan": "free" } });
      const peer = await world.openGuarded("good");
      const { connected } = await guardedReport(peer);
      await refusal(url);
      expect(await guardedReport(peer)).toMatchObject({ connections: 1, connected });
      peer.close();
    },
  },

  "text of a refusal": {
    rule: "refuses with the text of the application's response, for people to read",
    async run({ url }) {
      const headers = { Authorization: "Bearer unpaid" };
      expect(await refusal(`${url}/guarded`, { headers })).toMatchObject({ body: "pay first" });
    },
  },

  principal: {
    rule: "tells handlers who it is, whether the token came as a subprotocol or in a header",
    async run(world) {
      const one = await world.openGuarded("good");
      const other = await world.open("/guarded", { headers: { Authorization: "Bearer good" } });
      for (const peer of [one, other]) {
        expect(await peer.ask("whoami")).toEqual({ id: "ada", role: "author" });
        peer.close();
      }
      await Promise.all([one.closed, other.closed]);
    },
  },

  "reset during authentication": {
    rule: "survives a TCP reset while authenticate waits, and keeps no place for who has gone",
    async run(world) {
      const witness = await leaveDuringAuthentication(world);
      const places = await Promise.all(
        Array.from({ length: GUARDED_CONNECTIONS - 1 }, () => world.openGuarded("good")),
      );
      await Promise.all(places.map((peer) => peer.ask("whoami")));
      expect(await guardedReport(witness)).toMatchObject({ connections: GUARDED_CONNECTIONS, asking: 0 });
      for (const peer of [witness, ...places]) peer.close();
      await Promise.all([witness, ...places].map(({ closed }) => closed));
    },
  },

  "authenticate is told of a reset": {
    rule: "tells authenticate that its peer has gone",
    async run(world) {
      const witness = await leaveDuringAuthentication(world);
      expect((await guardedReport(witness)).gone).toBeGreaterThan(0);
      witness.close();
      await witness.closed;
    },
  },

  "broken upgrade request": {
    rule: "refuses an upgrade request that is broken, though its peer may connect, and keeps no place for it",
    async run(world) {
      const headers = ["Authorization: Bearer good", "Sec-WebSocket-Key: short"];
      for (let count = 0; count < GUARDED_CONNECTIONS; count++) {
        const { head } = await answerOf(rawUpgrade(`${world.url}/guarded`, headers), "head");
        expect(head).toMatch(/^HTTP\/1\.1 4/);
      }
      const places = Array.from({ length: GUARDED_CONNECTIONS }, () => world.openGuarded("good"));
      for (const peer of await Promise.all(places)) {
        peer.close();
        await peer.closed;
      }
    },
  },

  binary: {
    rule: "closes for a binary frame with 1003, and hurts nobody else",
    run: (world) => closesFor(world, Buffer.from([1, 2]), 1003),
  },

  "no envelope": {
    rule: "closes for what is no envelope, has a reserved name, a key twice or is too deep, and hurts nobody else",
    async run(world) {
      await closesFor(world, "hello", 4400);
      await closesFor(world, "123", 4400);
      // Only who reads the text itself can tell.
      await closesFor(world, '{"eventName":"echo","payload":1,"payload":2}', 4400);
      await closesFor(world, '{"eventName":"connected","payload":null}', 4400);
      await closesFor(world, `{"eventName":"echo","payload":${"[".repeat(64)}${"]".repeat(64)}}`, 1009);
    },
  },

  oversize: {
    rule: "closes for an envelope that is too large with 1009, and hurts nobody else",
    run: (world) => closesFor(world, JSON.stringify({ eventName: "echo", payload: "x".repeat(65_536) }), 1009),
  },

  "handler that rejects": {
    rule: "lives on when a handler rejects, and reports it once",
    async run(world) {
      const peer = await world.open();
      peer.send("reject");
      peer.send("hello");
      await peer.event("hello");
      const { errors } = await world.report();
      expect(errors.filter((error) => error === "reject: on purpose")).toHaveLength(1);
      peer.close();
    },
  },

  rooms: {
    rule: "sends to rooms: to members only, once, less those excluded, in order with what is sent directly",
    async run(world) {
      const [one, two, other] = await Promise.all([world.open(), world.open(), world.open()]);
      await Promise.all([one.ask("join", { room: "a" }), two.ask("join", { room: "a" })]);
      const excluded = await idOf(two);
      await one.ask("say", { room: "a" });
      await one.ask("say", { room: "a", exclude: excluded });
      one.send("sequence", { room: "a" });
      await one.event("three");
      await two.event("two");
      await two.ask("leave", { room: "a" });
      await one.ask("say", { room: "a" });
      await Promise.all([two.ask("whoami"), other.ask("whoami")]);
      const events = (peer: Peer) => peer.names().filter((event) => ["said", "one", "two", "three"].includes(event));
      expect(events(one)).toEqual(["said", "said", "one", "two", "three", "said"]);
      expect(events(two)).toEqual(["said", "two"]);
      expect(events(other)).toEqual([]);
      for (const peer of [one, two, other]) peer.close();
    },
  },

  "slow reader, patient sender": {
    rule: "loses no frame of a 24 MiB flood to a slow reader, when the handler waits for it",
    async run(world) {
      const peer = await world.open();
      peer.socket.pause();
      const frames = 400;
      peer.send("flood:patient", { frames, size: 60_000 });
      await new Promise((resolve) => setTimeout(resolve, 200));
      peer.socket.resume();
      await peer.event("flood:done");
      const indices = peer.got.filter(({ eventName }) => eventName === "flood").map(indexOf);
      expect(indices).toEqual(Array.from({ length: frames }, (_, index) => index));
      peer.close();
    },
  },

  "reader that does not read": {
    rule: "gives up a reader that does not read with 4413, with memory bounded and nothing more sent",
    async run(world) {
      const before = (await world.report()).rss;
      const peer = await world.open();
      const id = await idOf(peer);
      peer.socket.pause();
      peer.send("flood:reckless", { frames: 1_000, size: 60_000 });
      expect(await world.endingOf(id)).toEqual({ code: 4413, reason: "slow consumer" });
      expect((await world.report()).rss - before).toBeLessThan(48 * 1024 * 1024);
      peer.socket.terminate();
    },
  },

  "two registers": {
    rule: "serves two registers on two paths that know nothing of each other",
    async run(world) {
      const one = await world.open("/ws");
      const other = await world.open("/other");
      expect(await other.ask("report")).toMatchObject({ connections: 1 });
      one.close();
      other.close();
    },
  },

  "other requests": {
    rule: "leaves other requests alone, and nothing is at other paths",
    async run(world) {
      const page = await fetch(`${httpOf(world.url)}/page`);
      expect(await page.text()).toBe("page");
      expect(await refusal(`${world.url}/nowhere`)).toMatchObject({ status: 404 });
    },
  },

  "other upgrades": {
    rule: "leaves upgrades to others who take them on the same server",
    async run(world) {
      const server = await world.start("beside another");
      try {
        const { head, echo } = await echoOf(rawUpgrade(server.url + NEIGHBOUR_PATH), "anybody there?");
        expect(head.toLowerCase()).toContain(`\r\n${NEIGHBOUR_HEADER.toLowerCase()}: somebody else`);
        if (head.startsWith("HTTP/1.1 101 ")) expect(echo).toBe("anybody there?");
        const peer = await Peer.open(`${server.url}/ws`);
        expect(await peer.ask("whoami")).toMatchObject({ ready: true });
      } finally {
        await server.stop();
      }
    },
  },

  drain: {
    rule: "closes with 1012 when the server goes away, once handlers have answered; tells those who said zap:hello",
    run: (world) =>
      whileDraining(world, async ({ greeted, plain }) => {
        for (const peer of [greeted, plain]) expect(await peer.closed).toMatchObject({ code: 1012 });
        expect(greeted.names()).toEqual(["zap:draining", "slow"]);
        expect(plain.names()).toEqual([]);
      }),
  },

  "refused while draining": {
    rule: "refuses with 503 while the server goes away",
    run: (world) =>
      whileDraining(world, async ({ url }) => {
        expect(await refusal(`${url}/ws`)).toMatchObject({ status: 503 });
      }),
  },

  "nothing left": {
    rule: "has let go of every connection in the end",
    async run(world) {
      let connections = Number.NaN;
      while (connections !== 1) ({ connections } = await world.report());
      expect(connections).toBe(1);
    },
  },
} satisfies Record<string, Case>;

/** What a case is called in tables. */
export type CaseName = keyof typeof all;

/** The cases, in the order they run. */
export const CASES: ReadonlyMap<CaseName, Case> = new Map(Object.entries(all) as [CaseName, Case][]);

/** Somebody asks to connect, and resets the TCP connection while it is asked who it is. Resolves when that is over. */
async function leaveDuringAuthentication(world: World): Promise<Peer> {
  const witness = await world.openGuarded("good");
  const going = rawUpgrade(`${world.url}/guarded`, ["Authorization: Bearer slow"]);
  while ((await guardedReport(witness)).asking === 0);
  going.resetAndDestroy();
  while ((await guardedReport(witness)).asking > 0);
  return witness;
}

async function closesFor(world: World, frame: string | Buffer, code: number): Promise<void> {
  const innocent = await world.open();
  const peer = await world.open();
  peer.socket.send(frame);
  expect(await peer.closed).toMatchObject({ code });
  innocent.send("hello");
  await innocent.event("hello");
  innocent.close();
}

function indexOf({ payload }: { readonly payload: unknown }): unknown {
  return typeof payload === "object" && payload !== null && "index" in payload ? payload.index : undefined;
}
