// A server on Deno that asks its peers every second whether they are there. Prints its port.
import { DenoConnector } from "../../../src/connectors/deno.ts";
import { EventRegister } from "../../../src/index.ts";

const register = new EventRegister(undefined, { limits: { heartbeatMs: 1_000 } });
const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, DenoConnector.handler(register));
console.log(server.addr.port);
