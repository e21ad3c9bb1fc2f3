// The connector contract's server on Hono, on Deno. Prints its port.
import { Hono } from "hono";
import { DenoConnector, type DenoRequestInfo } from "../../../src/connectors/deno.ts";
import { createContractApps } from "../../contracts/app.ts";
import { othersBeside } from "../others.ts";

/** What Deno tells of a request is the context's `env`. */
type OnDeno = { Bindings: DenoRequestInfo };

const apps = createContractApps();
const others = othersBeside(apps);

const app = new Hono<OnDeno>();
for (const [path, register] of apps.entries) app.get(path, (c) => DenoConnector.upgrade(register, c.req.raw, c.env));
app.all("*", (c) => others(c.req.raw));

const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.fetch);
console.log(server.addr.port);
