// A program that ends as its orchestrator asks it to. Prints its port, and a line when it has nothing left to do.
import { drainOnSignals, serve } from "../../../src/connectors/node.ts";
import { EventRegister } from "../../../src/index.ts";

const register = new EventRegister(undefined, { limits: { closeMs: 300 } });
register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
register.onEvent("slow", async () => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return "done";
});
register.onEvent("hang", () => new Promise(() => {}));

const server = await serve(register, { port: 0, host: "127.0.0.1" });
drainOnSignals(server, { drain: Number(process.env.DRAIN_MS), afterwards: () => console.log("afterwards") });

// Something that would keep the process alive for ever.
setInterval(() => {}, 1_000_000);
console.log(server.port);
