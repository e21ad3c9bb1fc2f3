// A client that knows the contract at run time: what the server sends is held against it.
import * as v from "valibot";
import { expect, test } from "vitest";
import { simulateClient } from "../../test/support/simulated-client.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import { type } from "../protocol/contract.ts";
import { defineEvents } from "../protocol/define-events.ts";
import type { StandardSchema } from "../protocol/standard-schema.ts";

const date = v.pipe(
  v.string(),
  v.transform((text) => new Date(text)),
);

const slow: StandardSchema<number> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: async (value) => {
      await settled();
      return { value: Number(value) };
    },
  },
};

const broken: StandardSchema<number> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: () => {
      throw new Error("schema");
    },
  },
};

const contract = defineEvents({
  clientToServer: {
    when: { request: v.string(), reply: date, errors: { never: v.object({ until: date }) } },
  },
  serverToClient: {
    at: date,
    plain: type<number>(),
    slow,
    broken,
    ask: { request: date, reply: v.number() },
  },
});

test("payloads arrive as the schema makes them", async () => {
  const { client, open } = simulateClient({ contract });
  const got: unknown[] = [];
  client.onEvent("at", ({ payload }) => got.push(payload));
  client.onEvent("plain", ({ payload }) => got.push(payload));
  client.onEvent("unknown", ({ payload }) => got.push(payload));
  const socket = await open();
  socket.sayEvent("at", "2026-01-01T00:00:00Z");
  socket.sayEvent("plain", 7);
  socket.sayEvent("unknown", "as it is");
  expect(got).toEqual([new Date("2026-01-01T00:00:00Z"), 7, "as it is"]);
});

test("a payload that does not match is reported, and no handler runs", async () => {
  const { client, errors, open } = simulateClient({ contract });
  const got: unknown[] = [];
  client.onAnyEvent((event) => got.push(event));
  const socket = await open();
  socket.sayEvent("at", 7);
  socket.sayEvent("broken", 7);
  await settled();
  expect(got).toEqual([]);
  expect(errors).toEqual([
    { error: expect.objectContaining({ code: "invalid_payload" }), about: "at" },
    { error: new Error("schema"), about: "broken" },
  ]);
  expect(client.getSnapshot().status).toBe("open");
});

test("a request that does not match is answered with the issues", async () => {
  const { client, open } = simulateClient({ contract });
  client.onEvent("ask", () => 1);
  const socket = await open();
  socket.sayEvent("ask", 7, { zap: { id: "q" } });
  await settled();
  expect(socket.events[1]).toMatchObject({
    eventName: "error",
    payload: { code: "invalid_payload", details: { issues: [{ path: [] }] } },
    headers: { zap: { re: "q" } },
  });
});

test("asynchronous schemas keep the order", async () => {
  const { client, open } = simulateClient({ contract });
  const got: unknown[] = [];
  client.onAnyEvent(({ eventName }) => got.push(eventName));
  const socket = await open();
  for (const name of ["plain", "slow", "plain", "unknown", "broken", "slow", "at"]) socket.sayEvent(name, "1");
  expect(got).toEqual(["plain"]);
  for (let turn = 0; turn < 5; turn++) await settled();
  expect(got).toEqual(["plain", "slow", "plain", "unknown", "slow", "at"]);
  socket.sayEvent("plain", 1);
  expect(got.at(-1)).toBe("plain");
});

test("answers and the details of declared errors are checked too", async () => {
  const { client, open } = simulateClient({ contract });
  const socket = await open();
  const [right, wrong, failed] = [client.request("when"), client.request("when"), client.request("when")];
  socket.sayEvent("when", "2026-01-01T00:00:00Z", { zap: { re: "1" } });
  socket.sayEvent("when", 7, { zap: { re: "2" } });
  socket.sayEvent(
    "error",
    { code: "never", message: "m", details: { until: "2026-01-01T00:00:00Z" } },
    { zap: { re: "3" } },
  );
  expect(await right).toEqual(new Date("2026-01-01T00:00:00Z"));
  await expect(wrong).rejects.toMatchObject({ code: "invalid_payload" });
  await expect(failed).rejects.toMatchObject({ code: "never", details: { until: expect.any(Date) } });
});

test("a contract that nobody declared is refused", () => {
  expect(() => simulateClient({ contract: { serverToClient: {} } })).toThrow(
    expect.objectContaining({ code: "invalid_argument" }),
  );
});
