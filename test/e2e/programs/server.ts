// A program as users write it: serves, and closes its server when it is asked to end. It never calls process.exit().
import { serve } from "../../../src/connectors/node.ts";
import { EventRegister } from "../../../src/index.ts";

const register = new EventRegister(undefined, { limits: { closeMs: 300 } });
register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
register.onEvent("slow", async ({ connection }) => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  await connection.send("slow", "done");
});
register.onEvent("reject", () => Promise.reject(new Error("rejected")));
register.onEvent("ask", ({ connection }) => {
  void connection.request("never answered");
});
register.onEvent("disconnected", () => {
  throw new Error("even here");
});
register.onEvent("error", () => {
  throw null;
});

const server = await serve(register, { port: 0 });

process.once("SIGTERM", async () => {
  await Promise.all([server.close(), server.close()]);
  console.log("closed");
});

// Last: who reads it may ask for the end at once.
console.log(server.port);
