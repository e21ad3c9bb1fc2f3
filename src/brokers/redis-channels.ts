// What the channels of an application are called in Redis. In a Redis Cluster they are sharded, so their names say which
// shard they belong to. Knows no connection.

// CRC-16/XMODEM, which is what Redis Cluster itself finds slots with.
const POLYNOMIAL = 0x1021;

/** The names of channels in one Redis. */
export interface RedisChannels {
  /** What a channel is called there. */
  toRedis(channel: string): string;
  /** One channel for each connection that has to be proven alive. */
  probes(channel: string): readonly string[];
  /** Puts together what one command may name. */
  group(channels: readonly string[]): readonly (readonly string[])[];
}

/** Without a cluster, a channel has its own name. */
export const PLAIN_CHANNELS: RedisChannels = {
  toRedis: (channel) => channel,
  probes: (channel) => [channel],
  group: (channels) => [channels],
};

/**
 * In a cluster `zap.room.lobby` is `{zap}.room.lobby`: all channels of an application are in one slot, which keeps them
 * in order. With several shards it is `{zap.3}.room.lobby`, by the remainder of the CRC-16 of its own name.
 */
export function shardedChannels(shards: number): RedisChannels {
  const tagged = (channel: string, shard: number): string => {
    const end = channel.indexOf(".");
    const tag = shards === 1 ? channel.slice(0, end) : `${channel.slice(0, end)}.${shard}`;
    return `{${tag}}${channel.slice(end)}`;
  };
  return {
    toRedis: (channel) => tagged(channel, crc16(channel) % shards),
    probes: (channel) => Array.from({ length: shards }, (_, shard) => tagged(channel, shard)),
    group: byTag,
  };
}

function byTag(channels: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const channel of channels) {
    const tag = channel.slice(0, channel.indexOf("}"));
    const group = groups.get(tag);
    if (group === undefined) groups.set(tag, [channel]);
    else group.push(channel);
  }
  return [...groups.values()];
}

function crc16(text: string): number {
  let crc = 0;
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index) << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
    crc &= 0xffff;
  }
  return crc;
}
