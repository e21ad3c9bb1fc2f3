// The connector contract's server on Bun. Prints its port.
import { BunConnector, type BunFetch } from "../../../src/connectors/bun.ts";
import { createContractApps } from "../../contracts/app.ts";
import { othersBeside } from "../others.ts";

const apps = createContractApps();

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: apps.entries.reduce<BunFetch>(
    (otherwise, [path, register]) => BunConnector.fetch(register, { path, otherwise }),
    othersBeside(apps),
  ),
  websocket: BunConnector.websocket(apps["/ws"]),
});
console.log(server.port);
