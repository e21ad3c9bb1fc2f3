// Starts the whole cluster on this machine: a Redis, four processes of the chat, and one port in front of them with the
// page. Puts the parts together, and ends them together.
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { pageFiles } from "../chat/page-files.ts";
import { Balancer } from "./balancer.ts";
import { Control } from "./control.ts";
import { ManagedProcess } from "./processes.ts";
import { startRedis } from "./redis.ts";

const PROCESSES = 4;
const STOP_MS = 2_000;

const port = Number(process.env.PORT || 3000);
const { REDIS_URL } = process.env;

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const redis = REDIS_URL ? { url: REDIS_URL, stop: async () => {} } : await startRedis();
  const changed = () => control.changed();
  const program = fileURLToPath(new URL("process.js", import.meta.url));
  const processes = Array.from(
    { length: PROCESSES },
    (_, index) => new ManagedProcess(`process-${index + 1}`, program, [redis.url], changed),
  );
  const balancer = new Balancer(processes, changed);
  const control = new Control({
    status: () =>
      processes.map((one) => {
        const { name, pid, state, backAt } = one;
        const backInMs = state === "ended" ? Math.max(0, backAt - Date.now()) : 0;
        return { name, pid, state, connections: balancer.connectionsOf(one), backInMs };
      }),
    kill(name) {
      const named = processes.find((one) => one.name === name);
      named?.kill();
      return named !== undefined;
    },
  });
  const serveFile = pageFiles(new URL("page/", import.meta.url));
  const server = createServer((request, response) => control.handle(request, response) || serveFile(request, response));
  server.on("upgrade", (request, socket: Socket, head) => balancer.pass(request, socket, head));

  const stop = async () => {
    server.close();
    control.close();
    await Promise.all(processes.map((one) => one.stop(STOP_MS)));
    server.closeAllConnections();
    await redis.stop();
  };
  let signals = 0;
  const onSignal = () => {
    // Whoever asks twice does not want to wait.
    if (++signals > 1) process.exit(1);
    stop();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);

  server.on("error", (error: NodeJS.ErrnoException) => {
    console.error(error.code === "EADDRINUSE" ? `Port ${port} is in use: set PORT to another one.` : error.message);
    process.exitCode = 1;
    stop();
  });
  // Nobody but this machine: the page can kill.
  server.listen(port, "127.0.0.1", () => {
    const address = server.address();
    const actual = typeof address === "object" && address !== null ? address.port : port;
    console.log(`Four processes of the chat are at http://localhost:${actual} (Redis at ${redis.url}).`);
    for (const one of processes) one.start();
  });
}
