// The connector contract's server on Deno. Prints its port.
import { DenoConnector, type DenoHandler } from "../../../src/connectors/deno.ts";
import { createContractApps } from "../../contracts/app.ts";
import { othersBeside } from "../others.ts";

const apps = createContractApps();

const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen() {} },
  apps.entries.reduce<DenoHandler>(
    (otherwise, [path, register]) => DenoConnector.handler(register, { path, otherwise }),
    othersBeside(apps),
  ),
);
console.log(server.addr.port);
