// A server of its own for the page: it says what it hears, one line each, and can be killed at any moment.
import { readFile } from "node:fs/promises";
import { EventRegister } from "zaptools";
import { servePages } from "../../support/page-server.ts";

const [, , folder = ".", port = "0"] = process.argv;
const register = new EventRegister();
register.onEvent("connected", async ({ connection }) => {
  console.log("connected");
  await connection.send("tick", process.pid);
});
register.onEvent("say", ({ payload }) => console.log(`say ${payload}`));
register.onEvent("ask", ({ payload }) => {
  console.log(`ask ${payload}`);
  return `answer to ${payload}`;
});
register.onEvent("slow", ({ payload }) => {
  console.log(`slow ${payload}`);
  return new Promise(() => {});
});
const server = await servePages((name) => readFile(`${folder}/${name}`), register, Number(port));
// Last: who reads it may ask for anything.
console.log(`port ${server.port}`);
