// The connector contract on Bun: over its own server, Hono and Elysia.
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { connectorContract } from "../contracts/connector.ts";
import { answerOf, rawUpgrade } from "../contracts/wire.ts";
import { bearer } from "../contracts/world.ts";
import { bunBinary } from "./binaries.ts";
import { childServer } from "./child-server.ts";

for (const [connector, program] of [
  ["bun", "bun/server.ts"],
  ["hono (bun)", "hono-bun/server.ts"],
  ["hono (bun, events)", "hono-bun/events.ts"],
  ["elysia", "elysia/server.ts"],
] as const) {
  connectorContract(connector, () => childServer(bunBinary(), [fileURLToPath(new URL(program, import.meta.url))]), {
    async "first frame, asynchronous authentication"({ url }) {
      const offer = [`Sec-WebSocket-Protocol: zap.v1, ${bearer("good")}`];
      const { head } = await answerOf(rawUpgrade(`${url}/guarded`, offer, "early"), "head");
      expect(head).toMatch(/^HTTP\/1\.1 400 /);
    },
  });
}
