// Starts a Redis that keeps nothing, where none was named. Knows nothing of what goes over it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";

const ASK_AGAIN_MS = 50;
const PATIENCE_MS = 10_000;

const HOW_TO_GET_REDIS =
  "There is no redis-server on the PATH. Install it (Debian, Ubuntu: apt-get install redis-server; macOS: brew install " +
  "redis), or name one that runs: REDIS_URL=redis://localhost:6379 npm run demo:cluster";

/** A Redis that is there. */
export interface Redis {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a server at a free port.
 *
 * @throws When there is none to start, or it does not come up; says what to do.
 */
export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  // In a group of its own: it is to end after those that use it, whatever a terminal says to all of them.
  const child = spawn("redis-server", settings, { stdio: "ignore", detached: true });
  // This process may be ended in ways that leave no time to wait.
  process.once("exit", () => child.kill("SIGKILL"));
  let problem: string | undefined;
  child.once("error", () => {
    problem = HOW_TO_GET_REDIS;
  });
  child.once("exit", () => {
    problem = "The redis-server ended as soon as it was started.";
  });
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (problem === undefined && !(await answers(port))) {
    if (Date.now() > giveUpAt) problem = "The redis-server does not answer.";
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  if (problem !== undefined) throw new Error(problem);
  return { url: `redis://127.0.0.1:${port}`, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
