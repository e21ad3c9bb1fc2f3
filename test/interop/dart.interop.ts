// The frames of the Dart sibling, as its sources write and read them. There is no Dart here: a plain WebSocket keeps its
// rules, and these vectors hold what it sends and what it cannot bear.
import { describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { encode } from "../../src/protocol/codec.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.ts";
import { cleanUp } from "../support/node-server.ts";
import { siblingClient } from "./sibling-client.ts";
import { dartLikeClient, readAsDart } from "./sibling-clients.ts";
import { clientOf } from "./sibling-server.ts";

siblingClient("a plain WebSocket that keeps the rules of Dart's client (not the sibling itself)", {
  connect: dartLikeClient,
  closes: 1_005,
});

describe("Dart's frames", () => {
  // What `sendEvent` of its client and `send` of its server's connection write.
  it.each([
    ["its client, bare", '{"headers":{},"eventName":"hello","payload":null}', null, {}],
    ["its client, with headers", '{"headers":{"a":1},"eventName":"hello","payload":{"b":2}}', { b: 2 }, { a: 1 }],
    ["its server, bare", '{"eventName":"hello","payload":"x","headers":{}}', "x", {}],
    ["its server, with headers", '{"eventName":"hello","payload":[],"headers":{"a":{}}}', [], { a: {} }],
  ])("of %s are read by our client", async (_who, frame, payload, headers) => {
    const sockets = new WebSocketServer({ port: 0 });
    cleanUp.push(() => sockets.close());
    sockets.on("connection", (socket) => socket.send(frame));
    const { port } = sockets.address() as { readonly port: number };
    const client = clientOf(`ws://127.0.0.1:${port}`);
    const got = new Promise((resolve) => client.once("hello", resolve));
    await client.connect();
    expect(await got).toEqual({ eventName: "hello", payload, headers });
  });

  it.each([
    ["no headers", encode("a", null, undefined, undefined, DEFAULT_LIMITS)],
    ["empty headers", encode("a", 1, {}, undefined, DEFAULT_LIMITS)],
    ["headers", encode("a", 1, { b: 2 }, undefined, DEFAULT_LIMITS)],
    ["a request", encode("a", 1, undefined, { id: "1" }, DEFAULT_LIMITS)],
    ["an answer", encode("a", 1, { b: 2 }, { re: "1" }, DEFAULT_LIMITS)],
  ])("of ours are read by it: %s", (_what, text) => {
    expect(readAsDart(text)).toMatchObject({ eventName: "a" });
  });

  it.each([
    ["a frame without a name", '{"payload":1}'],
    ["headers that are a list", '{"eventName":"a","payload":1,"headers":[]}'],
    ["headers that are a text", '{"eventName":"a","payload":1,"headers":"b"}'],
  ])("cannot be %s: that ends the Dart program's stream", (_what, text) => {
    expect(() => readAsDart(text)).toThrow(TypeError);
  });
});
