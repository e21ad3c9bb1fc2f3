// What the documentation says about proxies, tried: its configurations as they stand there, in front of two servers.
// Only addresses and certificates are put in: they are another machine's there.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { WebSocket } from "ws";
import { ROOT } from "../architecture/source-files.ts";
import { freePort } from "../support/free-port.ts";
import { notRun } from "../support/missing.ts";
import { cleanUp, newRegister, served } from "../support/node-server.ts";

// Where packages put servers that are not on everybody's path.
const FOLDERS = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];
const DRAIN_MS = 2_000;
const HOST = "app.example.com";
// A peer that is not the proxy, on the same machine.
const PEER = "127.0.0.2";

interface Ports {
  readonly front: number;
  readonly one: number;
  readonly two: number;
}

/** One of the proxies. */
interface Proxy {
  readonly name: "nginx" | "haproxy" | "caddy";
  /** The language of its fence in the guide. */
  readonly language: string;
  /** What is put in for what is another machine's. */
  replace(config: string, ports: Ports, folder: string): string;
  args(file: string): readonly string[];
}

const PROXIES: readonly Proxy[] = [
  {
    name: "nginx",
    language: "nginx",
    replace: (config, { front }, folder) => {
      const site = config
        .replace("listen 443 ssl;", `listen 127.0.0.1:${front};`)
        .replace(/^ *ssl_certificate.*\n/gm, "");
      const kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
        (one) => `${one}_temp_path ${folder}/${one};`,
      );
      const head = `daemon off;\npid ${folder}/pid;\nerror_log ${folder}/error.log;\nevents {}\n`;
      return `${head}http {\naccess_log off;\n${kept.join("\n")}\n${site}}\n`;
    },
    args: (file) => ["-c", file],
  },
  {
    name: "haproxy",
    language: "haproxy",
    replace: (config, { front }) => config.replace(/bind :443 ssl crt \S+/, `bind 127.0.0.1:${front}`),
    args: (file) => ["-f", file],
  },
  {
    name: "caddy",
    language: "caddyfile",
    replace: (config, { front }) =>
      `{\n  admin off\n}\n${config.replace(/^app\.example\.com/m, `http://${HOST}:${front}`)}`,
    args: (file) => ["run", "--config", file, "--adapter", "caddyfile"],
  },
];

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

/** The configuration of the guide, with the addresses of this test. */
function configOf(proxy: Proxy, ports: Ports, folder: string): string {
  const guide = readFileSync(`${ROOT}docs/guide-proxy.md`, "utf8");
  const [, config = ""] = new RegExp(`\`\`\`${proxy.language}\n([\\s\\S]*?)\`\`\``).exec(guide) ?? [];
  const replaced = proxy.replace(config, ports, folder);
  return replaced
    .replaceAll("127.0.0.1:8000", `127.0.0.1:${ports.one}`)
    .replaceAll("127.0.0.1:8001", `127.0.0.1:${ports.two}`);
}

/** Starts a proxy in front of two servers. */
async function startAll(proxy: Proxy, context: TestContext) {
  // Elsewhere, loopback has one address unless it is given more.
  if (process.platform !== "linux") notRun(context, `the guide's ${proxy.name}`, "needs the addresses that Linux has");
  const path = find(proxy.name) ?? notRun(context, `the guide's ${proxy.name}`, `apt-get install ${proxy.name}`);
  const servers = await Promise.all([server(), server()]);
  const ports = { front: await freePort(), one: servers[0].port, two: servers[1].port };
  const folder = mkdtempSync(join(tmpdir(), "zaptools-proxy-"));
  const file = join(folder, "config");
  writeFileSync(file, configOf(proxy, ports, folder));
  const child = spawn(path, proxy.args(file), {
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (bytes) => said.push(String(bytes)));
  cleanUp.push(async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  });
  while (!(await answers(ports.front))) {
    if (child.exitCode !== null) throw new Error(`${proxy.name} ended: ${said.join("")}`);
  }
  return { servers, front: ports.front, said };
}

/** A server as the guide has it, which tells each peer what it knows of it. */
async function server() {
  const register = newRegister({ trustedProxies: ["127.0.0.1"] });
  register.onEvent("connected", ({ connection, payload }) => {
    connection.send("you", { address: payload.address, port: own.port });
  });
  const own = await served(register, { host: "127.0.0.1" });
  return own;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.destroy());
    socket.once("error", () => setTimeout(resolve, 20, false));
    socket.once("close", (hadError) => hadError || resolve(true));
  });
}

interface You {
  readonly address: string;
  readonly port: number;
}

/** Connects as a browser does. @returns What the server says it knows, or how it was refused. */
async function visit(port: number, headers: Record<string, string> = {}): Promise<You | string> {
  const host = `${HOST}:${port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
    headers: { Host: host, Origin: `http://${host}`, ...headers },
    localAddress: PEER,
  });
  cleanUp.push(() => socket.terminate());
  try {
    const [text] = await once(socket, "message");
    return JSON.parse(String(text)).payload;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function portsOf(front: number, times: number): Promise<unknown[]> {
  const visits: unknown[] = [];
  for (let time = 0; time < times; time++) {
    const you = await visit(front);
    visits.push(typeof you === "string" ? you : you.port);
  }
  return visits;
}

describe.each(PROXIES)("$name, as the guide configures it,", (proxy) => {
  it("passes WebSockets on to both servers, and tells who the peer is", async (context) => {
    const { servers, front, said } = await startAll(proxy, context);
    expect(await visit(front)).toMatchObject({ address: PEER });
    const forged = await visit(front, { "X-Forwarded-For": "192.0.2.1" });
    expect(forged, "what a peer says of itself is not believed").toMatchObject({ address: PEER });
    expect(await visit(front, { Origin: "http://elsewhere.example" })).toBe("Unexpected server response: 403");
    expect(new Set(await portsOf(front, 4))).toEqual(new Set(servers.map(({ port }) => port)));
    expect(said.filter((line) => /warn/i.test(line) && !/formatted|admin endpoint/.test(line)).join("")).toBe("");
  });

  it("sends nobody to a server that drains, or is gone", async (context) => {
    const { servers, front } = await startAll(proxy, context);
    const [one, two] = servers;
    await portsOf(front, 4);
    const closed = one.close({ drain: DRAIN_MS });
    // Caddy learns from the first refusal; its peer is told to come back, and does.
    const visits = await portsOf(front, 5);
    expect(
      visits.slice(proxy.name === "caddy" ? 2 : 0).every((port) => port === two.port),
      String(visits),
    ).toBe(true);
    expect(visits.filter((port) => port !== two.port).length).toBeLessThanOrEqual(1);
    await closed;
    expect(await portsOf(front, 5)).toEqual(Array(5).fill(two.port));
  });
});
