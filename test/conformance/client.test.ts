// The conformance vectors towards the client: a server that writes exactly what the vectors say.
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { ZapClient, ZapError } from "zaptools/client";
import { HELLO_TEXT } from "../../src/protocol/control.ts";
import { headersOf, payloadOf, textOf, vectors } from "./vectors.ts";

let server: WebSocketServer;
let url: string;

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  url = `ws://127.0.0.1:${Object(server.address()).port}`;
});
afterAll(() => {
  server.close();
});

/** A client, the events it raised, and the server's end of its connection after the hello. */
async function connect() {
  const client = new ZapClient(url, { onError: () => {} });
  onTestFinished(() => client.close());
  const events: unknown[] = [];
  client.onAnyEvent(({ eventName, payload, headers }) => events.push({ eventName, payload, headers: { ...headers } }));
  const accepted = once(server, "connection");
  client.connect();
  const [socket]: WebSocket[] = await accepted;
  if (socket === undefined) throw new Error("no connection");
  await framesOf(socket, 1);
  return { client, events, socket };
}

/** The next frames that come to the server. */
function framesOf(socket: WebSocket, count: number): Promise<string[]> {
  const frames: string[] = [];
  return new Promise((resolve) => {
    const take = (data: { toString(): string }) => {
      if (frames.push(data.toString()) < count) return;
      socket.off("message", take);
      resolve(frames);
    };
    socket.on("message", take);
  });
}

const closeOf = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once("close", resolve));

describe("a client takes", () => {
  const events = vectors.accepted.filter(
    ({ from, envelope }) =>
      from !== "client" && envelope.zap?.re === undefined && !envelope.eventName.startsWith("zap:"),
  );

  test.each(events)("$name", async ({ text, envelope }) => {
    const { client, events, socket } = await connect();
    const arrived = new Promise((resolve) => client.onAnyEvent(resolve));
    socket.send(textOf(text));
    await arrived;
    expect(events).toEqual([
      { eventName: envelope.eventName, payload: payloadOf(envelope), headers: { ...Object(headersOf(envelope)) } },
    ]);
    expect(client.getSnapshot().status).toBe("open");
  });
});

describe("a client refuses", () => {
  const refused = vectors.refused.filter(({ from, clientMayTake }) => from !== "client" && clientMayTake !== true);

  test.each(refused)("$name", async ({ text, bytes, frame, code }) => {
    const { client, events, socket } = await connect();
    const closed = closeOf(socket);
    const left = new Promise((resolve) => client.onStateChange(resolve));
    socket.send(bytes === undefined ? Buffer.from(textOf(text ?? "")) : Buffer.from(bytes, "hex"), {
      binary: frame === "binary",
    });
    const seen = await closed;
    // A runtime that refuses a frame by itself does so with a code of its own, and may tell of no more than a lost link.
    expect([4400, code]).toContain(seen);
    expect(seen === 4400 ? ["closed"] : ["closed", "waiting"]).toContain(await left);
    expect(events).toEqual([]);
  });
});

describe("a client lives through", () => {
  test.each(
    vectors.refused.filter(({ from, clientMayTake }) => from !== "client" && clientMayTake === true),
  )("$name", async ({ text }) => {
    const { client, socket } = await connect();
    const ended = new Promise((resolve) => client.onStateChange(resolve));
    const arrived = new Promise((resolve) => client.onEvent("after", resolve));
    socket.send(textOf(text ?? ""));
    socket.send('{"eventName":"after"}');
    await Promise.race([ended, arrived]);
    expect(["open", "closed"]).toContain(client.getSnapshot().status);
  });
});

describe("a client writes", () => {
  const events = vectors.encoded.filter(({ eventName, zap }) => zap === undefined && !eventName.startsWith("zap:"));

  test.each(events)("$name", async ({ eventName, payload, headers, text }) => {
    const { client, socket } = await connect();
    const frames = framesOf(socket, 1);
    await client.send(eventName, payload, Object(headers));
    expect(await frames).toEqual([text]);
  });

  test.each(vectors.unsendable)("nothing of $name: $error", async ({ eventName, error, ...content }) => {
    const { client, socket } = await connect();
    const frames = framesOf(socket, 1);
    const given = [eventName, payloadOf(content), headersOf(content)];
    await expect(Reflect.apply(client.send, client, given)).rejects.toMatchObject({ code: error });
    await client.send("after");
    expect(await frames).toEqual(['{"eventName":"after","payload":null}']);
  });

  test("requests, and answers, as the toolkit's own header says", async () => {
    const { client, socket } = await connect();
    client.onEvent("question", ({ payload }) => payload);
    const frames = framesOf(socket, 2);
    const answer = client.request("sum", [1, 2]);
    socket.send('{"eventName":"question","payload":7,"headers":{"zap":{"id":"q"}}}');
    expect((await frames).map((frame) => JSON.parse(frame))).toEqual([
      { eventName: "sum", payload: [1, 2], headers: { zap: { id: expect.any(String) } } },
      { eventName: "question", payload: 7, headers: { zap: { re: "q" } } },
    ]);
    const [request = ""] = await frames;
    socket.send(
      `{"eventName":"sum","payload":3,"headers":{"zap":{"re":${JSON.stringify(JSON.parse(request).headers.zap.id)}}}}`,
    );
    expect(await answer).toBe(3);
  });

  test.each([
    [
      "fails on purpose",
      () => Promise.reject(new ZapError("busy", "Not now.", { until: 7 })),
      { code: "busy", message: "Not now.", details: { until: 7 } },
    ],
    [
      "fails with details that are no JSON",
      () => Promise.reject(new ZapError("busy", "Not now.", 7n)),
      { code: "busy" },
    ],
    ["fails by accident", () => Promise.reject(new Error("the password is hunter2")), { code: "internal" }],
    ["throws nothing at all", () => Promise.reject(undefined), { code: "internal" }],
    ["returns what is no JSON", () => 7n, { code: "internal" }],
  ])("an error reply when its handler %s", async (_what, handler, payload) => {
    const { client, socket } = await connect();
    client.onEvent("question", handler);
    const frames = framesOf(socket, 1);
    socket.send('{"eventName":"question","headers":{"zap":{"id":"q"}}}');
    const [frame = ""] = await frames;
    expect(frame).not.toContain("hunter2");
    expect(JSON.parse(frame)).toMatchObject({ eventName: "error", payload, headers: { zap: { re: "q" } } });
  });

  test("unknown_event to a request that it has no handler for", async () => {
    const { socket } = await connect();
    const frames = framesOf(socket, 1);
    socket.send('{"eventName":"question","headers":{"zap":{"id":"q"}}}');
    expect(JSON.parse((await frames)[0] ?? "")).toMatchObject({
      eventName: "error",
      payload: { code: "unknown_event" },
    });
  });

  test("its hello before anything else", async () => {
    const accepted = once(server, "connection");
    const client = new ZapClient(url);
    onTestFinished(() => client.close());
    client.send("first");
    client.connect();
    const [socket]: WebSocket[] = await accepted;
    if (socket === undefined) throw new Error("no connection");
    expect(await framesOf(socket, 2)).toEqual([HELLO_TEXT, '{"eventName":"first","payload":null}']);
  });
});
