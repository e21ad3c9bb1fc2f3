// An emitter sends what nodes take, waits for its broker, and says when it did not.
import { expect, it } from "vitest";
import { MemoryCarrier } from "../../test/support/memory-carrier.ts";
import { createBroker } from "./create-broker.ts";
import { createEmitter } from "./emitter.ts";
import { memoryBroker } from "./memory.ts";

function emitterOver(carrier: MemoryCarrier, options = {}) {
  return createEmitter(createBroker(carrier), options);
}

it("waits for the first connection, and resolves when the broker has taken the event", async () => {
  const carrier = new MemoryCarrier();
  const emitter = emitterOver(carrier);
  const sending = emitter.room("lobby").send("news", 1);
  expect(carrier.published).toEqual([]);
  carrier.listener.up();
  await sending;
  const [{ channel, text } = { channel: "", text: "" }] = carrier.published;
  expect(channel).toBe("zap.room.lobby");
  expect(text).toMatch(/^\{.*"kind":"room","rooms":\["lobby"\]\}\n\{"eventName":"news","payload":1\}$/);
});

it("says so when there is no connection in time, and sends when there is one later", async () => {
  const carrier = new MemoryCarrier();
  const emitter = emitterOver(carrier, { timeout: 10 });
  await expect(emitter.broadcast("news")).rejects.toMatchObject({ code: "broker_unavailable" });
  carrier.listener.up();
  await emitter.broadcast("news");
  expect(carrier.published).toHaveLength(1);
});

it("says so when the broker does not take it", async () => {
  const carrier = new MemoryCarrier();
  const emitter = emitterOver(carrier);
  carrier.listener.up();
  carrier.taking = "refuses";
  await expect(emitter.sendTo("zpt-1", "news")).rejects.toMatchObject({ code: "broker_unavailable" });
});

it("sends nothing that could not be sent from a node", async () => {
  const emitter = createEmitter(memoryBroker(), { limits: { envelopeBytes: 100 } });
  const codes = [
    ["reserved_event_name", emitter.broadcast("zap:ping")],
    ["invalid_event_name", emitter.broadcast("")],
    ["envelope_too_large", emitter.broadcast("news", "x".repeat(100))],
    ["unencodable_payload", emitter.to("a").send("news", 1n)],
    ["invalid_headers", emitter.room("a").send("news", 1, { headers: { zap: {} } })],
  ] as const;
  for (const [code, sending] of codes) await expect(sending).rejects.toMatchObject({ code });
});

it("is no node: it listens to no channel and says nothing of itself", async () => {
  const carrier = new MemoryCarrier();
  const emitter = emitterOver(carrier);
  carrier.listener.up();
  carrier.listener.down(new Error("lost"));
  carrier.listener.receive("zap.all", "anything");
  carrier.listener.gone("somebody");
  await emitter.close();
  expect([carrier.orders, carrier.published, [...carrier.channels]]).toEqual([["stop"], [], []]);
});

it("does nothing for rooms that cannot exist", async () => {
  const carrier = new MemoryCarrier();
  const emitter = emitterOver(carrier);
  carrier.listener.up();
  await emitter.to("", "x".repeat(513)).send("news");
  expect(carrier.published).toEqual([]);
});
