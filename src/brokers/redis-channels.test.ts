// What channels are called in Redis, and which of them belong together.
import { expect, it } from "vitest";
import { PLAIN_CHANNELS, shardedChannels } from "./redis-channels.ts";

it("leaves names as they are where there is no cluster", () => {
  expect(PLAIN_CHANNELS.toRedis("zap.room.lobby")).toBe("zap.room.lobby");
  expect(PLAIN_CHANNELS.group(["a", "b"])).toEqual([["a", "b"]]);
  expect(PLAIN_CHANNELS.probes("zap.probe.n")).toEqual(["zap.probe.n"]);
});

it("has all channels of an application in one slot of a cluster", () => {
  const channels = shardedChannels(1);
  expect(channels.toRedis("zap.room.lobby")).toBe("{zap}.room.lobby");
  expect(channels.toRedis("zap.all")).toBe("{zap}.all");
  expect(channels.group(["{zap}.all", "{zap}.room.a"])).toHaveLength(1);
});

it("spreads them over several, by the checksum that Redis Cluster itself uses", () => {
  const channels = shardedChannels(16);
  // CRC-16/XMODEM of "zap.room.lobby", as any other implementation computes it.
  expect(channels.toRedis("zap.room.lobby")).toBe(`{zap.${0x93c8 % 16}}.room.lobby`);
  const shards = new Set(
    Array.from({ length: 500 }, (_, index) => channels.toRedis(`zap.room.r${index}`).split("}")[0]),
  );
  expect(shards.size).toBe(16);
  expect(channels.probes("zap.probe.n")).toHaveLength(16);
  const group = channels.group(["{zap.1}.a", "{zap.2}.b", "{zap.1}.c"]);
  expect(group).toEqual([["{zap.1}.a", "{zap.1}.c"], ["{zap.2}.b"]]);
});
