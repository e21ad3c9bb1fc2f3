// Holds what PROTOCOL.md says of records against the code: its examples are read, its names compared.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Channels } from "../../src/brokers/channels.ts";
import { isEnvelopeText } from "../../src/brokers/envelope-text.ts";
import { RECORD_VERSION, readRecord, writeRecord } from "../../src/brokers/record.ts";
import { shardedChannels } from "../../src/brokers/redis-channels.ts";
import { signed, verified } from "../../src/brokers/signature.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.ts";

const text = readFileSync(new URL("../../PROTOCOL.md", import.meta.url), "utf8");
const records = [...text.matchAll(/<!-- records(?:: signed with (\w+))? -->\n```text\n([\s\S]*?)\n```/g)].map(
  ([, secret, record = ""]) => ({ secret, record }),
);

test("there are examples of all kinds that programs send, and of a signed one", () => {
  expect(records.map(({ secret, record }) => secret ?? /"kind":"(\w+)"/.exec(record)?.[1])).toEqual(
    expect.arrayContaining(["room", "all", "to", "secret"]),
  );
});

test.each(records)("a record is taken, and is as nodes write it: $record", ({ secret, record }) => {
  const plain = secret === undefined ? record : verified(record, secret);
  if (plain === undefined) throw new Error("its signature is wrong");
  const read = readRecord(plain);
  if (typeof read === "string") throw new Error(read);
  expect(isEnvelopeText(read.body, DEFAULT_LIMITS)).toBe(true);
  const { content, body, ...origin } = read;
  const written = writeRecord(origin, content, body);
  expect(secret === undefined ? written : signed(written, secret)).toBe(record);
});

test("the version is the one of the code", () => {
  expect(text).toContain(`| \`v\` | all | ${RECORD_VERSION}, the version of records |`);
});

test("channels are called as the text says", () => {
  const channels = new Channels("zap");
  expect(text).toContain(`the room \`tea & cake\` has the channel\n\`${channels.room("tea & cake")}\``);
  expect(text).toContain(`| \`${channels.all}\` |`);
  expect(text).toContain(`\`${shardedChannels(1).toRedis(channels.room("lobby"))}\``);
  expect([channels.room("x"), channels.node("x")]).toEqual(["zap.room.x", "zap.node.x"]);
});
