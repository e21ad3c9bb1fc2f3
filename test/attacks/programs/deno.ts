// Under attack: Deno's own server.
import { DenoConnector, type DenoHandler } from "../../../src/connectors/deno.ts";
import { createApplication } from "../application.ts";
import { ready } from "../program.ts";

// Deno's own global, as far as it is used here.
declare const Deno: {
  serve(options: object, handler: DenoHandler): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
};

const register = createApplication();
const server = Deno.serve({ port: 0, onListen() {} }, DenoConnector.handler(register));
ready(server.addr.port, async () => {
  await register.close();
  await server.shutdown();
});
