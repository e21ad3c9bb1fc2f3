// The chat on several processes as whoever runs it sees it: what it needs, what it listens to, what it leaves behind.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it, onTestFinished, type TestContext } from "vitest";
import { NO_REDIS } from "../brokers/servers.ts";
import { Peer } from "../contracts/peer.ts";
import { buildCluster } from "../support/cluster-server.ts";
import { notRun } from "../support/missing.ts";

let built: ReturnType<typeof buildCluster>;

beforeAll(() => {
  built = buildCluster("e2e");
});

afterAll(() => built.remove());

interface Status {
  readonly name: string;
  readonly state: string;
}

/** Starts it, and waits until all processes serve. */
async function start(context: TestContext) {
  if (NO_REDIS !== undefined) notRun(context, "the chat on several processes", NO_REDIS);
  if (process.platform !== "linux")
    notRun(context, "the chat on several processes", "only Linux tells what is left of it");
  const child = spawn(process.execPath, [built.server], {
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const [url = ""] = /http:\S+/.exec(line) ?? [];
  await statusWhere(url, (processes) => processes.every(({ state }) => state === "alive"));
  return { child, url };
}

/** The first status that fits, of those the page hears. */
async function statusWhere(url: string, fits: (processes: readonly Status[]) => boolean): Promise<readonly Status[]> {
  const { body } = await fetch(`${url}/cluster/status`);
  for await (const bytes of body ?? []) {
    for (const [, json = "[]"] of Buffer.from(bytes)
      .toString()
      .matchAll(/^data: (.*)$/gm)) {
      const processes: readonly Status[] = JSON.parse(json);
      if (fits(processes)) return processes;
    }
  }
  throw new Error("it ended before that");
}

/** The processes that a process has started, and those they have. Linux tells. */
function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  return children.map(Number).flatMap((child) => [child, ...descendants(child)]);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, "exit");
  return code;
}

it.for([
  "SIGINT",
  "SIGTERM",
] as const)("ends with everything it started, and sends its peers away, when it gets %s", async (signal, context) => {
  const { child, url } = await start(context);
  const peer = await Peer.open(`${url.replace("http", "ws")}/ws`);
  const all = descendants(child.pid ?? 0);
  // Four processes and Redis.
  expect(all).toHaveLength(5);
  const ended = exitOf(child);
  child.kill(signal);
  expect(await ended).toBe(0);
  expect((await peer.closed).code).toBe(1012);
  expect(all.filter(isThere)).toEqual([]);
});

it("leaves no process of the chat when it is killed itself", async (context) => {
  const { child } = await start(context);
  const commands = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "utf8");
  const all = descendants(child.pid ?? 0);
  // Nobody can end Redis then; whoever uses it goes by itself.
  const redis = all.filter((pid) => commands(pid).includes("redis-server"));
  onTestFinished(() => redis.forEach((pid) => void process.kill(pid, "SIGKILL")));
  child.kill("SIGKILL");
  await expect.poll(() => all.filter((pid) => !redis.includes(pid) && isThere(pid)), { timeout: 5_000 }).toEqual([]);
});

it("kills for its own page only, and starts what it killed again", { timeout: 40_000 }, async (context) => {
  const { url } = await start(context);
  const kill = (name: string, headers: Record<string, string>) =>
    fetch(`${url}/cluster/kill?process=${name}`, { method: "POST", headers }).then(({ status }) => status);
  expect(await kill("process-2", {})).toBe(403);
  expect(await kill("process-2", { origin: "http://elsewhere.example" })).toBe(403);
  expect(await kill("process-9", { origin: url })).toBe(404);
  const peers = await Promise.all([1, 2, 3, 4].map(() => Peer.open(`${url.replace("http", "ws")}/ws`)));
  const homes = await Promise.all(peers.map((peer) => peer.ask("chat:node")));
  expect(new Set(homes.map((home) => JSON.stringify(home))).size, "each on another process").toBe(4);
  expect(await kill("process-2", { origin: url })).toBe(204);
  const ended = ({ name, state }: Status) => name === "process-2" && state === "ended";
  await statusWhere(url, (processes) => processes.some(ended));
  expect((await Promise.race(peers.map(({ closed }) => closed))).code).toBe(1006);
  await statusWhere(url, (processes) => processes.every(({ state }) => state === "alive"));
});

it("says what to install when there is no Redis", () => {
  let said = "";
  try {
    execFileSync(process.execPath, [built.server], {
      env: { PATH: "/nowhere", PORT: "0" },
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    said = String(Object(error).stderr);
  }
  expect(said).toBe(
    "There is no redis-server on the PATH. Install it (Debian, Ubuntu: apt-get install redis-server; macOS: brew install " +
      "redis), or name one that runs: REDIS_URL=redis://localhost:6379 npm run demo:cluster\n",
  );
});
