// The connector contract over Bun's server, on Bun.
import { fileURLToPath } from "node:url";
import { connectorContract } from "../contracts/connector.ts";
import { bunBinary } from "./binaries.ts";
import { childServer } from "./child-server.ts";

connectorContract("bun (Bun.serve)", () =>
  childServer(bunBinary(), [fileURLToPath(new URL("bun/server.ts", import.meta.url))]),
);
