// Real Redis and NATS servers for the tests: found on this machine, started on free ports without anything on disk that
// stays, and stopped again. Knows no broker of ours.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/free-port.ts";

/** A server that tests can stop, freeze and start again at the same port. */
export interface Server {
  readonly port: number;
  start(): Promise<void>;
  /** Ends it at once, or as it ends by itself. */
  stop(signal?: "SIGKILL" | "SIGTERM"): Promise<void>;
  /** Stands still: connections stay, and nothing moves. */
  freeze(): void;
  thaw(): void;
}

// Where packages put servers that are not on everybody's path.
const FOLDERS = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];

function find(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const REDIS_SERVER = find("redis-server");
const REDIS_CLI = find("redis-cli");
const NATS_SERVER = find("nats-server");

/** Servers that run already, for machines where none can be started. */
export const REDIS_URL: string | undefined = process.env.REDIS_URL;
export const NATS_URL: string | undefined = process.env.NATS_URL;

/** Why there is no Redis to start; undefined when there is. */
export const NO_REDIS: string | undefined =
  REDIS_SERVER && REDIS_CLI ? undefined : "there is no redis-server here: apt-get install redis-server redis-tools";

/** Why there is no NATS to start; undefined when there is. */
export const NO_NATS: string | undefined = NATS_SERVER
  ? undefined
  : "there is no nats-server here: apt-get install nats-server";

/** A Redis at a free port, which keeps nothing. */
export async function redisServer(more: readonly string[] = []): Promise<Server> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "zaptools-redis-"));
  const settings = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const server = new ServerProcess(REDIS_SERVER ?? "", [...settings.map(String), ...more], port, folder);
  await server.start();
  return server;
}

/** A Sentinel at a free port, which watches one Redis under the name `main`. */
export async function redisSentinel(watched: number): Promise<Server> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "zaptools-sentinel-"));
  const settings = join(folder, "sentinel.conf");
  // A file, for it writes down what it finds out.
  writeFileSync(
    settings,
    `port ${port}\nbind 127.0.0.1\ndir ${folder}\nsentinel monitor main 127.0.0.1 ${watched} 1\n`,
  );
  const server = new ServerProcess(REDIS_SERVER ?? "", [settings, "--sentinel"], port, folder);
  await server.start();
  return server;
}

/** A NATS server at a free port. */
export async function natsServer(): Promise<Server> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "zaptools-nats-"));
  const server = new ServerProcess(NATS_SERVER ?? "", ["-a", "127.0.0.1", "-p", String(port)], port, folder);
  await server.start();
  return server;
}

/** A Redis Cluster of three masters without replicas, on loopback. */
export async function redisCluster(): Promise<readonly Server[]> {
  const buses = [await freePort(), await freePort(), await freePort()];
  const servers = await Promise.all(
    buses.map((bus) => {
      const settings = { "cluster-enabled": "yes", "cluster-port": bus, "cluster-node-timeout": 2_000 };
      return redisServer(Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]));
    }),
  );
  const slots = [
    [0, 5_460],
    [5_461, 10_922],
    [10_923, 16_383],
  ];
  for (const [index, { port }] of servers.entries()) {
    await redisCli(port, ["CLUSTER", "ADDSLOTSRANGE", ...(slots[index] ?? []).map(String)]);
    const [first] = servers;
    if (index > 0) await redisCli(port, ["CLUSTER", "MEET", "127.0.0.1", String(first?.port), String(buses[0])]);
  }
  await agreed(servers.map(({ port }) => port));
  return servers;
}

/** Resolves when all masters of a cluster know all others, and serve. */
async function agreed(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    while (!(await redisCli(port, ["CLUSTER", "INFO"])).includes("cluster_state:ok")) await sleep(50);
    while (((await redisCli(port, ["CLUSTER", "NODES"])).match(/ connected \d/g) ?? []).length < 3) await sleep(50);
  }
}

/** All masters of a cluster as one server, which keeps what the masters know of each other. */
export async function redisClusterServer(): Promise<Server & { readonly ports: readonly number[] }> {
  const servers = await redisCluster();
  const ports = servers.map(({ port }) => port);
  const [port = 0] = ports;
  return {
    port,
    ports,
    start: async () => {
      await Promise.all(servers.map((server) => server.start()));
      await agreed(ports);
    },
    stop: async (signal = "SIGTERM") => void (await Promise.all(servers.map((server) => server.stop(signal)))),
    freeze: () => servers.forEach((server) => void server.freeze()),
    thaw: () => servers.forEach((server) => void server.thaw()),
  };
}

/** Runs `redis-cli`; the last argument comes through its input, so that it may hold anything. */
export function redisCli(port: number, args: readonly string[], input?: string): Promise<string> {
  const flags = ["-c", "-p", String(port), ...(input === undefined ? [] : ["-x"])];
  return new Promise((resolve, reject) => {
    const child = execFile(REDIS_CLI ?? "", [...flags, ...args], (error, stdout, stderr) => {
      if (error !== null || stdout.startsWith("ERR")) reject(new Error(`redis-cli ${args[0]}: ${stdout}${stderr}`));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
}

/** Publishes one text on Redis by the bytes of its protocol, without any library. */
export async function redisPublish(url: string, channel: string, text: string): Promise<void> {
  const { hostname, port, username, password } = new URL(url);
  const command = (...parts: string[]) =>
    `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join("")}`;
  const login = password === "" ? "" : command("AUTH", username || "default", password);
  await exchange(hostname, Number(port || 6379), `${login}${command("PUBLISH", channel, text)}`, /:\d+\r\n$/);
}

/** Publishes one text on NATS by the bytes of its protocol, without any library. */
export async function natsPublish(url: string, subject: string, text: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const hello = 'CONNECT {"verbose":false,"pedantic":false}\r\n';
  const bytes = `${hello}PUB ${subject} ${Buffer.byteLength(text)}\r\n${text}\r\nPING\r\n`;
  await exchange(hostname, Number(port || 4222), bytes, /PONG/);
}

/** Sends bytes and waits for the last of what comes back. */
async function exchange(host: string, port: number, bytes: string, last: RegExp): Promise<void> {
  const socket = connect(port, host, () => socket.write(bytes));
  let heard = "";
  for await (const more of socket) {
    heard += more;
    if (last.test(heard)) break;
  }
  socket.destroy();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

class ServerProcess implements Server {
  readonly port: number;
  readonly #path: string;
  readonly #args: readonly string[];
  readonly #folder: string;
  #child: ChildProcess | undefined;

  constructor(path: string, args: readonly string[], port: number, folder: string) {
    this.#path = path;
    this.#args = args;
    this.port = port;
    this.#folder = folder;
  }

  async start(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    const child = spawn(this.#path, this.#args, { stdio: "ignore", cwd: this.#folder });
    this.#child = child;
    // Not to outlive a test run that is cut short.
    process.once("exit", () => child.kill("SIGKILL"));
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`${this.#path} ended with ${child.exitCode}`);
      await sleep(20);
    }
  }

  async stop(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGCONT");
    child.kill(signal);
    await ended;
    if (signal === "SIGKILL") rmSync(this.#folder, { recursive: true, force: true });
  }

  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }
}

/** Whether somebody listens at a port and, as Redis and NATS do, answers a ping. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", () => socket.destroy());
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(true));
  });
}
