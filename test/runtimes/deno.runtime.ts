// The connector contract on Deno: over its own server, and Hono.
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { connectorContract, type Start } from "../contracts/connector.ts";
import { Peer } from "../contracts/peer.ts";
import { answerOf, rawUpgrade } from "../contracts/wire.ts";
import { bearer, type World } from "../contracts/world.ts";
import { RawPeer } from "../support/raw-peer.ts";
import { denoBinary } from "./binaries.ts";
import { childServer } from "./child-server.ts";

const on = (program: string): Start => {
  const file = fileURLToPath(new URL(program, import.meta.url));
  return () => childServer(denoBinary(), ["run", "--allow-all", file]);
};

/** The first line of the answer to a peer with a token, by how its offer is written. */
async function statusLine({ url }: World, comma: string, ...headers: readonly string[]): Promise<string | undefined> {
  const offer = `Sec-WebSocket-Protocol: zap.v1${comma}${bearer("good")}`;
  const { head } = await answerOf(rawUpgrade(`${url}/guarded`, [offer, ...headers]), "head");
  return head.split("\r\n", 1)[0];
}

async function needsSpaces(world: World): Promise<void> {
  expect(await statusLine(world, ",")).toContain("500");
  expect(await statusLine(world, ", ")).toContain("101");
}

connectorContract("deno", on("deno/server.ts"));
connectorContract("hono (deno)", on("hono-deno/server.ts"));
connectorContract("hono (deno, events)", on("hono-deno/events.ts"), {
  subprotocol: needsSpaces,
  "refused before the upgrade": needsSpaces,
  principal: needsSpaces,
  "reset during authentication": needsSpaces,
  "authenticate is told of a reset": needsSpaces,
  async "broken upgrade request"(world) {
    expect(await statusLine(world, ", ", "Sec-WebSocket-Key: short")).toContain("101");
  },
});

it("Deno's own pings end a peer that answers none, and no other", async () => {
  const server = await on("deno/impatient.ts")("alone");
  try {
    const alive = await Peer.open(`${server.url}/ws`);
    const silent = await RawPeer.open(Number(new URL(server.url).port));
    // It answers nothing by itself.
    await silent.gone;
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
    alive.close();
  } finally {
    await server.stop();
  }
});
