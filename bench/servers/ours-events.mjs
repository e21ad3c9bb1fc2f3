// The events of our servers, whatever they run on. Opens no socket.
import { EventRegister } from "../../dist/index.js";

/**
 * A register with every default on; `unlimited` lifts the rate limits, which the load exceeds on purpose.
 *
 * @param handlers - `sync` or `async`.
 * @param rates - `unlimited` or `limited`.
 * @param broker - What joins it to other nodes, where there are any.
 */
export function eventRegister(handlers, rates, broker) {
  const limits = rates === "unlimited" ? { eventsPerSecond: Infinity, bytesPerSecond: Infinity } : {};
  const register = new EventRegister(undefined, { limits, ...(broker && { broker }) });
  if (handlers === "async") {
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
  return register;
}
