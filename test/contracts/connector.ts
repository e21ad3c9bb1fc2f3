// What every connector has to do, whatever its framework or runtime. Starts nothing itself.
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { Report } from "./app.ts";
import { Peer } from "./peer.ts";

/** A server with the contract's application at `/ws`, a second one at `/other`, and text at `/page`. */
export interface ContractServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Runs the suite over one connector. */
export function connectorContract(name: string, start: () => Promise<ContractServer>): void {
  describe(`the connector contract: ${name}`, () => {
    let server: ContractServer;
    const open = (path = "/ws", options?: Parameters<typeof Peer.open>[1]) => Peer.open(server.url + path, options);
    const report = async () => {
      const peer = await open();
      const answer = (await peer.ask("report")) as Report;
      peer.close();
      return answer;
    };
    /** How the connection that asked `whoami` ended, once that is known inside. */
    const endingOf = async (id: unknown) => {
      for (;;) {
        const [close] = (await report()).lives.find((life) => life.id === id)?.closes ?? [];
        if (close !== undefined) return close;
      }
    };
    const identify = async (peer: Peer) => ((await peer.ask("whoami")) as { id: string }).id;

    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    it("greets", async () => {
      const peer = await open();
      peer.send("hello");
      expect(await peer.event("hello")).toEqual({ eventName: "hello", payload: "HELLO FROM SERVER !!!" });
      peer.close();
    });

    it.each([
      ["text", "grüße 👋"],
      ["nothing", null],
      ["false", false],
      ["zero", 0],
      ["no text", ""],
    ])("carries %s both ways, with headers", async (_what, payload) => {
      const peer = await open();
      peer.send("echo", payload, { trace: "t" });
      expect(await peer.event("echo")).toEqual({ eventName: "echo", payload, headers: { trace: "t" } });
      peer.close();
    });

    it("keeps the order under asynchronous handlers", async () => {
      const peer = await open();
      const delays = [20, 0, 10, 1, 5];
      for (const delay of delays) peer.send("slow", delay);
      await peer.next(({ payload }) => payload === 5);
      expect(peer.got.map(({ payload }) => payload)).toEqual(delays);
      peer.close();
    });

    it("finishes connected before any event, also one that came together with the upgrade", async () => {
      const frame = await rawUpgrade(server.url, '{"eventName":"whoami","payload":null,"headers":{"zap":{"id":"1"}}}');
      expect(JSON.parse(frame)).toMatchObject({ eventName: "whoami", payload: { ready: true } });
    });

    it("sees a close of the client with code and reason", async () => {
      const peer = await open();
      const id = await identify(peer);
      peer.close(4001, "bye");
      expect(await peer.closed).toEqual({ code: 4001, reason: "bye" });
      expect(await endingOf(id)).toEqual({ code: 4001, reason: "bye" });
    });

    it("closes with code and reason, the reason cut at 123 bytes", async () => {
      const peer = await open();
      const id = await identify(peer);
      peer.send("close", { code: 4002, reason: "ü".repeat(100) });
      expect(await peer.closed).toEqual({ code: 4002, reason: "ü".repeat(61) });
      expect(await endingOf(id)).toEqual({ code: 4002, reason: "ü".repeat(61) });
    });

    it("sees 1005 for a close without a code, and answers it", async () => {
      const peer = await open();
      const id = await identify(peer);
      peer.close();
      expect((await peer.closed).code).toBe(1005);
      expect(await endingOf(id)).toEqual({ code: 1005, reason: "" });
    });

    it("sees 1006 for a link that was cut", async () => {
      const peer = await open();
      const id = await identify(peer);
      peer.socket.terminate();
      expect(await endingOf(id)).toMatchObject({ code: 1006 });
    });

    it("selects zap.v1 where it is offered, and never a token", async () => {
      const peer = await open("/ws", { protocols: ["zap.v1", "zap.bearer.c2VjcmV0"] });
      expect(peer.socket.protocol).toBe("zap.v1");
      peer.close();
    });

    it("refuses a foreign origin before the upgrade with 403", async () => {
      expect(await refusal(`${server.url}/ws`, { Origin: "https://evil.example" })).toBe(403);
    });

    it.each([
      ["binary", Buffer.from([1, 2]), 1003],
      ["what is not JSON", "hello", 4400],
      ["a reserved name", '{"eventName":"connected","payload":null}', 4400],
      ["an envelope that is too large", JSON.stringify({ eventName: "echo", payload: "x".repeat(65_536) }), 1009],
      ["an envelope that is too deep", `{"eventName":"echo","payload":${"[".repeat(64)}${"]".repeat(64)}}`, 1009],
    ])("closes for %s, and hurts nobody else", async (_what, frame, code) => {
      const innocent = await open();
      const peer = await open();
      peer.socket.send(frame);
      // What a runtime itself finds too large it may end without a Close.
      expect([code, ...(code === 1009 ? [1006] : [])]).toContain((await peer.closed).code);
      innocent.send("hello");
      await innocent.event("hello");
      innocent.close();
    });

    it("lives on when a handler rejects, and reports it once", async () => {
      const peer = await open();
      peer.send("reject");
      peer.send("hello");
      await peer.event("hello");
      expect((await report()).errors.filter((error) => error === "reject: on purpose")).toHaveLength(1);
      peer.close();
    });

    it("sends to rooms: to members only, once, less those excluded, in order with what is sent directly", async () => {
      const [one, two, other] = await Promise.all([open(), open(), open()]);
      await Promise.all([one.ask("join", { room: "a" }), two.ask("join", { room: "a" })]);
      const excluded = await identify(two);
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
    });

    it("loses no frame of a 24 MiB flood to a slow reader, when the handler waits for it", async () => {
      const peer = await open();
      peer.socket.pause();
      const frames = 400;
      peer.send("flood:patient", { frames, size: 60_000 });
      await new Promise((resolve) => setTimeout(resolve, 200));
      peer.socket.resume();
      await peer.event("flood:done");
      const indices = peer.got.filter(({ eventName }) => eventName === "flood").map(indexOf);
      expect(indices).toEqual(Array.from({ length: frames }, (_, index) => index));
      peer.close();
    });

    it("gives up a reader that does not read with 4413, with memory bounded and nothing more sent", async () => {
      const before = (await report()).rss;
      const peer = await open();
      const id = await identify(peer);
      peer.socket.pause();
      peer.send("flood:reckless", { frames: 1_000, size: 60_000 });
      expect(await endingOf(id)).toEqual({ code: 4413, reason: "slow consumer" });
      expect((await report()).rss - before).toBeLessThan(48 * 1024 * 1024);
      peer.socket.terminate();
    });

    it("serves two registers on two paths that know nothing of each other", async () => {
      const one = await open("/ws");
      const other = await open("/other");
      expect((await other.ask("report")) as Report).toMatchObject({ connections: 1 });
      one.close();
      other.close();
    });

    it("leaves other requests and other paths alone", async () => {
      const page = await fetch(`${server.url.replace("ws:", "http:")}/page`);
      expect(await page.text()).toBe("page");
      expect(await refusal(`${server.url}/nowhere`, {})).toBe(404);
    });

    it("has let go of every connection in the end", async () => {
      let connections = Number.NaN;
      while (connections !== 1) ({ connections } = await report());
      expect(connections).toBe(1);
    });
  });
}

function indexOf({ payload }: { readonly payload: unknown }): unknown {
  return typeof payload === "object" && payload !== null && "index" in payload ? payload.index : undefined;
}

/** The HTTP status an upgrade is refused with. */
function refusal(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on("unexpected-response", (_request, response) => {
      response.resume();
      resolve(response.statusCode);
      socket.terminate();
    });
    socket.on("error", () => {});
    socket.on("open", () => reject(new Error("it was accepted")));
  });
}

/** Sends the upgrade and one frame in a single write; resolves with the text of the first frame that comes back. */
function rawUpgrade(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const key = createHash("md5").update(text).digest("base64");
  const head = [
    "GET /ws HTTP/1.1",
    `Host: ${hostname}:${port}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${key}`,
    "Sec-WebSocket-Version: 13",
    "\r\n",
  ].join("\r\n");
  const body = Buffer.from(text);
  const frame = Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let got = Buffer.alloc(0);
    socket.on("error", reject);
    socket.on("data", (data) => {
      got = Buffer.concat([got, data]);
      const start = got.indexOf("\r\n\r\n") + 4;
      const length = got[start + 1];
      if (start < 4 || length === undefined || got.length < start + 2 + length) return;
      resolve(got.subarray(start + 2, start + 2 + length).toString());
      socket.destroy();
    });
    socket.write(Buffer.concat([Buffer.from(head), frame]));
  });
}
