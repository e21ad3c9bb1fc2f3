// Half of the connections of one server are hostile for a while: what becomes of the other half, and of its memory.
// Measures and judges nothing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { bundle } from "../../support/bundle.ts";
import { Innocent } from "../innocent.ts";
import type { Report } from "../report.ts";
import { startBundled } from "../subject.ts";
import { Crowd } from "./crowd.ts";

/** How large and how long. */
export interface SoakOptions {
  readonly connections: number;
  readonly seconds: number;
}

/** What came of it. Milliseconds and bytes. */
export interface Figures {
  readonly harms: readonly string[];
  readonly echoes: { readonly calm: number; readonly attacked: number };
  readonly p99: { readonly calm: number; readonly attacked: number };
  readonly slowest: { readonly calm: number; readonly attacked: number };
  /** `cold`: before anything hostile came. `start`: after a first attack of half the time, which a runtime grows for. */
  readonly rss: { readonly cold: number; readonly start: number; readonly most: number; readonly end: number };
  /** Milliseconds of processor time the server took in each second. */
  readonly cpu: { readonly calm: number; readonly attacked: number };
  /** Connections of the server once the hostile ones have gone, less those that should be there. */
  readonly left: number;
  readonly attacks: unknown;
  readonly refused: Readonly<Record<string, number>>;
}

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// What may pass until all that a mob leaves behind is gone: an unanswered Close takes 3 seconds, a heartbeat 35.
const SETTLING_MS = 40_000;

/** Runs it over `serve` with its defaults. */
export async function soak({ connections, seconds }: SoakOptions): Promise<Figures> {
  const server = await startBundled(folder("../programs/serve.ts"), ["--expose-gc"]);
  const half = Math.floor(connections / 2);
  const watcher = await Innocent.open(server.port);
  const crowd = await Crowd.open(server.port, half);
  try {
    await sleep(1_000);
    crowd.takeLateness();
    const calmSeconds = Math.max(2, seconds / 4);
    const cpus = [(await report(watcher)).cpu];
    await sleep(calmSeconds * 1_000);
    const calm = crowd.takeLateness();
    cpus.push((await report(watcher)).cpu);
    const cold = await collected(watcher, 1);
    await runMob(server.port, half, Math.max(2, seconds / 2));
    await settled(watcher, half + 1);
    const start = await collected(watcher, seconds / 3);
    crowd.takeLateness();
    cpus.push((await report(watcher)).cpu);

    let most = start;
    const watching = setInterval(async () => {
      most = Math.max(most, (await report(watcher)).rss);
    }, 500);
    const attacks = await runMob(server.port, half, seconds);
    clearInterval(watching);
    const attacked = crowd.takeLateness();
    cpus.push((await report(watcher)).cpu);
    const [before = 0, calmed = 0, between = 0, after = 0] = cpus;

    const left = await settled(watcher, half + 1);
    const end = await collected(watcher, seconds / 3);
    const { refused } = await report(watcher);
    const harm = await watcher.harm();
    return {
      harms: [...(harm === undefined ? [] : [harm]), ...(await crowd.finish())],
      echoes: { calm: calm.length, attacked: attacked.length },
      p99: { calm: percentile(calm, 0.99), attacked: percentile(attacked, 0.99) },
      slowest: { calm: percentile(calm, 1), attacked: percentile(attacked, 1) },
      rss: { cold, start, most, end },
      cpu: { calm: (calmed - before) / calmSeconds, attacked: (after - between) / seconds },
      left,
      attacks,
      refused,
    };
  } finally {
    watcher.leave();
    await server.kill();
  }
}

/** Waits until only `count` connections are left, or for as long as that may take; resolves with how many are too many. */
async function settled(watcher: Innocent, count: number): Promise<number> {
  for (let waited = 0; ; waited += 200) {
    const left = (await report(watcher)).connections - count;
    if (left === 0 || waited > SETTLING_MS) return left;
    await sleep(200);
  }
}

/** What the server's process holds once what is garbage has been collected. */
async function collected(watcher: Innocent, seconds: number): Promise<number> {
  const sizes: number[] = [];
  // Runtimes give back what they do not need any more after a while, not at once.
  for (let waited = 0; waited <= seconds; waited++) {
    sizes.push((await watcher.ask("collect")) as number);
    await sleep(1_000);
  }
  return Math.min(...sizes);
}

async function report(watcher: Innocent): Promise<Report> {
  return (await watcher.ask("report")) as Report;
}

/** Lets the mob loose, in a process of its own that leaves the machine to the others. */
async function runMob(port: number, peers: number, seconds: number): Promise<unknown> {
  const { path, remove } = bundle(folder("mob.ts"));
  const mob = spawn(process.execPath, [path, String(port), String(peers), String(seconds)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (mob.pid !== undefined) setPriority(mob.pid, 10);
  let said = "";
  mob.stdout.on("data", (data) => {
    said += data;
  });
  const [code] = await once(mob, "exit");
  remove();
  if (code !== 0) throw new Error(`The mob ended with ${code}.`);
  return JSON.parse(said);
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
