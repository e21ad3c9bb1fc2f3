// What the requests of one component come to, over a real connection.
import { afterEach, expect, it } from "vitest";
import { defineEvents, EventRegister, type, ZapError } from "zaptools";
import { serve } from "zaptools/node";
import { Gate } from "../../test/support/gate.ts";
import { ZapClient } from "./node.ts";
import { createRequestState, type RequestStore } from "./request-state.ts";

const shop = defineEvents({
  clientToServer: { price: { request: type<string>(), reply: type<number>() } },
});

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Requests that a server answers as `answer` says, and every state they go through from the second on. */
async function start(answer: (payload: string) => number | Promise<number>) {
  const register = new EventRegister(shop, { concurrency: 8 });
  register.onEvent("price", ({ payload }) => answer(payload));
  register.onEvent("error", () => {});
  const server = await serve(register, { port: 0 });
  const client = new ZapClient<typeof shop>(server.url);
  cleanups.push(
    () => server.close(),
    () => client.close(),
  );
  await client.connect();
  const prices: RequestStore<typeof shop, "price"> = createRequestState(client, "price");
  const states: unknown[] = [];
  const unsubscribe = prices.subscribe((state) => states.push(state));
  states.length = 0;
  return { prices, states, unsubscribe };
}

it("goes from idle to pending to answered, each a frozen object of its own", async () => {
  const { prices, states } = await start(() => 3);
  const idle = prices.getSnapshot();
  const outcome = await prices.run("tea");
  expect(outcome).toBe(prices.getSnapshot());
  expect(idle).toEqual({ status: "idle", data: undefined, error: undefined });
  expect(states).toEqual([
    { status: "pending", data: undefined, error: undefined },
    { status: "answered", data: 3, error: undefined },
  ]);
  expect(states.every(Object.isFrozen)).toBe(true);
  expect(prices.getSnapshot()).toBe(states.at(-1));
});

it("keeps the last answer while another request is on its way, and when that fails", async () => {
  const { prices, states } = await start((what) => {
    if (what === "gold") throw new ZapError("sold_out", "Sold out.");
    return 3;
  });
  await prices.run("tea");
  states.length = 0;
  expect(await prices.run("gold")).toBe(prices.getSnapshot());
  expect(states).toEqual([
    { status: "pending", data: 3, error: undefined },
    { status: "failed", data: 3, error: expect.objectContaining({ code: "sold_out" }) },
  ]);
});

it("shows the latest request only: an earlier one is cancelled, and its answer passed over", async () => {
  const gates = new Map([
    ["slow", new Gate<number>()],
    ["fast", new Gate<number>()],
  ]);
  const { prices, states } = await start((what) => gates.get(what)?.passed ?? 0);
  const slow = prices.run("slow");
  const fast = prices.run("fast");
  expect(await slow).toMatchObject({ status: "failed", error: { code: "cancelled" } });
  gates.get("slow")?.open(1);
  gates.get("fast")?.open(2);
  expect(await fast).toMatchObject({ status: "answered", data: 2 });
  expect(states).toEqual([
    { status: "pending", data: undefined, error: undefined },
    { status: "pending", data: undefined, error: undefined },
    { status: "answered", data: 2, error: undefined },
  ]);
});

it("cancels what is on its way when it is stopped, and is idle again with the last answer", async () => {
  const gate = new Gate<number>();
  const { prices } = await start((what) => (what === "tea" ? 3 : gate.passed));
  await prices.run("tea");
  const pending = prices.run("gold");
  prices.stop();
  expect(await pending).toMatchObject({ status: "failed", error: { code: "cancelled" } });
  expect(prices.getSnapshot()).toEqual({ status: "idle", data: 3, error: undefined });
  gate.open(9);
});

it("stays answered when it is stopped with nothing on its way, and can be run again", async () => {
  const { prices } = await start((what) => what.length);
  await prices.run("tea");
  prices.stop();
  expect(prices.getSnapshot().status).toBe("answered");
  expect(await prices.run("gold")).toEqual({ status: "answered", data: 4, error: undefined });
});

it("tells nobody who has unsubscribed", async () => {
  const { prices, states, unsubscribe } = await start(() => 3);
  unsubscribe();
  await prices.run("tea");
  expect(states).toEqual([]);
  expect(prices.getSnapshot().status).toBe("answered");
});

it("hands on the options of a request", async () => {
  const gate = new Gate<number>();
  const { prices } = await start(() => gate.passed);
  expect(await prices.run("tea", { timeout: 20 })).toMatchObject({ status: "failed", error: { code: "timeout" } });
  gate.open(3);
});
