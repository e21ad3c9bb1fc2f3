// Under attack: Bun's own server.
import { BunConnector } from "../../../src/connectors/bun.ts";
import { createApplication } from "../application.ts";
import { ready } from "../program.ts";

// Bun's own global, as far as it is used here.
declare const Bun: { serve(options: object): { readonly port: number; stop(): Promise<void> } };

const register = createApplication();
const server = Bun.serve({
  port: 0,
  fetch: BunConnector.fetch(register),
  websocket: BunConnector.websocket(register),
});
ready(server.port, async () => {
  await register.close();
  await server.stop();
});
