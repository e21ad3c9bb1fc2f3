// The connector contract on Bun: over its own server, Hono and Elysia.
import { fileURLToPath } from "node:url";
import { connectorContract } from "../contracts/connector.ts";
import { bunBinary } from "./binaries.ts";
import { childServer } from "./child-server.ts";

for (const [name, program] of [
  ["Bun.serve", "bun/server.ts"],
  ["Hono on Bun", "hono-bun/server.ts"],
  ["Elysia", "elysia/server.ts"],
] as const) {
  connectorContract(name, () => childServer(bunBinary(), [fileURLToPath(new URL(program, import.meta.url))]));
}
