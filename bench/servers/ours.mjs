// Ours on Node. Arguments: `sync` or `async`, the kind of handlers; `unlimited` or `limited`, the rates.
import { serve } from "../../dist/connectors/node.js";
import { listening } from "./control.mjs";
import { eventRegister } from "./ours-events.mjs";

const [handlers, rates] = process.argv.slice(2);
const server = await serve(eventRegister(handlers, rates), { port: 0, host: "127.0.0.1" });
listening(server.port);
