// Ours: every default on; only the rate limits are lifted, which the load exceeds on purpose.
// Arguments: `sync` or `async`, the kind of handlers; `limited` leaves the rate limits as they are.
import { serve } from "../../dist/connectors/node.js";
import { EventRegister } from "../../dist/index.js";
import { listening } from "./control.mjs";

const [kind, rates] = process.argv.slice(2);
const limits = rates === "limited" ? {} : { eventsPerSecond: Infinity, bytesPerSecond: Infinity };
const register = new EventRegister(undefined, { limits });

if (kind === "async") {
  register.onEvent("echo", async ({ connection, payload }) => {
    await connection.send("echo", payload);
  });
  register.onEvent("ask", async ({ payload }) => payload);
} else {
  register.onEvent("echo", ({ connection, payload }) => {
    connection.send("echo", payload);
  });
  register.onEvent("ask", ({ payload }) => payload);
}
register.onEvent("broadcast", ({ connections, payload }) => {
  connections.broadcast("news", payload);
});
register.onEvent("join", async ({ connection }) => {
  await connection.join("lobby");
  connection.send("joined", null);
});
register.onEvent("say", ({ connections, payload }) => {
  connections.room("lobby").send("said", payload);
});

const server = await serve(register, { port: 0, host: "127.0.0.1" });
listening(server.port);
