// The frames of the Dart sibling, as its sources write and read them. There is no Dart here: a plain WebSocket keeps its
// rules, and these vectors hold what it sends and what it cannot bear.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { vectors } from "../conformance/vectors.ts";
import { cleanUp } from "../support/node-server.ts";
import { dartLikeClient, readAsDart } from "./dart-client.ts";
import { siblingClient } from "./sibling-client.ts";
import { clientOf } from "./sibling-server.ts";

/** What the conformance vectors say that we write. */
const OURS: readonly string[] = [
  ...vectors.encoded.map(({ text }) => text),
  ...vectors.conversations.flatMap(({ steps }) =>
    steps.flatMap((step) => ("server" in step && typeof step.server === "string" ? step.server : [])),
  ),
];

siblingClient("a plain WebSocket that keeps the rules of Dart's client (not the sibling itself)", {
  connect: dartLikeClient,
  closes: 1_005,
});

describe("Dart's frames", () => {
  // What `send` of its server's connection writes: headers always, and a map.
  it.each([
    ["without headers", '{"eventName":"hello","payload":"x","headers":{}}', "x", {}],
    ["with headers", '{"eventName":"hello","payload":[],"headers":{"a":{}}}', [], { a: {} }],
  ])("from its server are read by our client: %s", async (_what, frame, payload, headers) => {
    const sockets = new WebSocketServer({ port: 0 });
    cleanUp.push(() => sockets.close());
    await once(sockets, "listening");
    sockets.on("connection", (socket) => socket.send(frame));
    const client = clientOf(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`);
    const got = new Promise((resolve) => client.once("hello", resolve));
    await client.connect();
    expect(await got).toEqual({ eventName: "hello", payload, headers });
  });

  it.each(OURS)("that we write are read by its decoder: %s", (text) => {
    expect(() => readAsDart(text)).not.toThrow();
  });

  it.each([
    ["without a name", '{"payload":1}'],
    ["with headers that are a list", '{"eventName":"a","payload":1,"headers":[]}'],
    ["with headers that are a text", '{"eventName":"a","payload":1,"headers":"b"}'],
  ])("end the stream of its client when they are %s", (_what, text) => {
    expect(() => readAsDart(text)).toThrow(TypeError);
  });
});
