// A Python program that publishes to a room through Redis, and a register that is joined to others by that Redis.

import { expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { redisBroker } from "../../src/brokers/redis.ts";
import { serve } from "../../src/connectors/node.ts";
import { EventRegister } from "../../src/index.ts";
import { nodeRedis } from "../brokers/libraries.ts";
import { NO_REDIS, redisServer } from "../brokers/servers.ts";
import { Peer } from "../contracts/peer.ts";
import { notRun } from "../support/missing.ts";
import { Program } from "./program.ts";
import { PYTHON, PYTHON_PROGRAMS } from "./toolchains.ts";

it("reaches the members of the room, though it knows nothing but the protocol", async (context) => {
  PYTHON.needed(context);
  if (NO_REDIS !== undefined) notRun(context, "publishing from Python", NO_REDIS);
  const { createClient } = await nodeRedis();
  const redis = await redisServer();
  onTestFinished(() => redis.stop());
  const client = createClient({ url: `redis://127.0.0.1:${redis.port}` });
  const register = new EventRegister(undefined, { broker: redisBroker({ client }) });
  register.onEvent("join", ({ connection }) => connection.join("lobby"));
  const server = await serve(register, { port: 0, host: "127.0.0.1" });
  onTestFinished(async () => {
    await server.close();
    await register.connections.cluster.leave();
  });
  const peer = await Peer.open(`ws://127.0.0.1:${server.port}/ws`);
  await peer.ask("join");

  const program = new Program(PYTHON.command, [`${PYTHON_PROGRAMS}/publish.py`, String(redis.port)]);
  await program.ended;
  expect(program.said).toEqual([]);
  expect(await peer.event("news")).toEqual({ eventName: "news", payload: { text: "Lunch is ready." } });
  expect(peer.socket.readyState).toBe(WebSocket.OPEN);
});
