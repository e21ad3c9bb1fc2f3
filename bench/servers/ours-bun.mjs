// Ours on Bun's server, with the same events as on Node. Runs on Bun.
import { BunConnector } from "../../dist/connectors/bun.js";
import { listening } from "./control.mjs";
import { eventRegister } from "./ours-events.mjs";

const register = eventRegister("sync", "unlimited");
const server = globalThis.Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: BunConnector.fetch(register),
  websocket: BunConnector.websocket(register),
});
listening(server.port);
