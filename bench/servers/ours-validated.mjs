// Ours with a contract, whose echo is validated by valibot, and one middleware.
// Arguments: `sync` or `async`, the kind of middleware and handler.
import { serve } from "../../dist/connectors/node.js";
import { defineEvents, EventRegister } from "../../dist/index.js";
import { listening } from "./control.mjs";
import { EchoPayload } from "./schema.mjs";

const limits = { eventsPerSecond: Infinity, bytesPerSecond: Infinity };
const contract = defineEvents({ clientToServer: { echo: EchoPayload }, serverToClient: { echo: EchoPayload } });
const register = new EventRegister(contract, { limits });

if (process.argv[2] === "async") {
  register.use(async (context, next) => {
    const begin = performance.now();
    await next();
    context.state.slowest = Math.max(context.state.slowest ?? 0, performance.now() - begin);
  });
  register.onEvent("echo", async ({ connection, payload }) => {
    await connection.send("echo", payload);
  });
} else {
  register.use((context, next) => {
    context.state.last = context.eventName;
    return next();
  });
  register.onEvent("echo", ({ connection, payload }) => {
    connection.send("echo", payload);
  });
}

const server = await serve(register, { port: 0, host: "127.0.0.1" });
listening(server.port);
