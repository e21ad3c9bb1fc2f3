// Starts a Redis that keeps nothing, beside the load. Knows nothing of what is published through it.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { LOAD_CORE } from "./cores.mjs";
import { start } from "./processes.mjs";

const ASK_AGAIN_MS = 20;
const TRIES = 500;

/** Why there is no Redis to start; undefined when there is. */
export const noRedis =
  redisVersion() === undefined ? "there is no redis-server: apt-get install redis-server" : undefined;

/** The version of the server on this machine. */
export function redisVersion() {
  const { stdout } = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  return /v=(\S+)/.exec(stdout ?? "")?.[1];
}

/** @returns `{ port, pid, stop() }` of a server that answers. */
export async function startRedis() {
  const port = await freePort();
  const settings = { port, bind: "127.0.0.1", save: "", appendonly: "no", loglevel: "warning" };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = start(LOAD_CORE, "redis-server", args);
  for (let time = 0; time < TRIES; time++) {
    if (await answers(port)) return { port, pid: server.pid, stop: server.stop };
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  await server.stop();
  throw new Error("redis-server did not answer.");
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
