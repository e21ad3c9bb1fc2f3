// The connector contract on Deno: over its own server, and Hono.
import { fileURLToPath } from "node:url";
import { connectorContract } from "../contracts/connector.ts";
import { denoBinary } from "./binaries.ts";
import { childServer } from "./child-server.ts";

for (const [connector, program] of [
  ["deno", "deno/server.ts"],
  ["hono on deno", "hono-deno/server.ts"],
] as const) {
  const file = fileURLToPath(new URL(program, import.meta.url));
  connectorContract(connector, () => childServer(denoBinary(), ["run", "--allow-all", file]));
}
