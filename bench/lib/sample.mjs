// Takes one sample: one server or several nodes of one, one load, one figure. All are fresh processes.
import { fileURLToPath } from "node:url";
import { LOAD_CORE, SERVER_CORE } from "./cores.mjs";
import { start } from "./processes.mjs";
import { startRedis } from "./redis.mjs";

const MEGABYTES = 1024 * 1024;
const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// Above this share of a core, what was measured was somebody else.
const DISTURBED = 0.05;
const LEAVE_ALONE_MS = 1_000;

/**
 * Takes a sample, again where other programs had a part of the cores: whether it counts is not decided by its figure.
 *
 * @returns The least disturbed of a few, with `quiet`: whether it was hardly disturbed at all.
 */
export async function takeQuietSample(contender, job, tries) {
  let best;
  for (let attempt = 1; attempt <= tries; attempt++) {
    const sample = await takeSample(contender, job);
    const { others = 0 } = sample;
    if (best === undefined || others < best.others) best = { ...sample, others, quiet: others <= DISTURBED };
    if (best.quiet || attempt === tries) break;
    await new Promise((resolve) => setTimeout(resolve, LEAVE_ALONE_MS));
  }
  return best;
}

/**
 * Takes one sample.
 *
 * @param contender - `{ command, args, dialect, nodes }`
 * @param job - What the load is to do.
 * @returns What the load found; for `idle`, the bytes each connection costs.
 */
async function takeSample(contender, job) {
  const { command, nodes = 1 } = contender;
  const redis = nodes > 1 ? await startRedis() : undefined;
  const args = [...contender.args.map(relative), ...(redis === undefined ? [] : [String(redis.port)])];
  const servers = Array.from({ length: nodes }, () => start(SERVER_CORE, command, args));
  const [server, ...others] = servers;
  try {
    const ports = [];
    for (const one of servers) ports.push((await one.next()).port);
    const beside = { servers: others.map(({ pid }) => pid), load: redis === undefined ? [] : [redis.pid] };
    const [port] = ports;
    const whole = { ...job, port, ports, serverPid: server.pid, beside, dialect: contender.dialect };
    const load = start(LOAD_CORE, process.execPath, [here("load/main.mjs"), JSON.stringify(whole)]);
    try {
      const result = job.work === "idle" ? await idleBytes(server, load, job.connections) : (await load.next()).result;
      await load.ended;
      return result;
    } finally {
      await load.stop();
    }
  } finally {
    for (const one of servers) await one.stop();
    await redis?.stop();
  }
}

async function idleBytes(server, load, connections) {
  await load.next();
  const before = await residentBytes(server);
  load.say("go on");
  await load.next();
  const after = await residentBytes(server);
  load.say("go on");
  await load.next();
  return { bytesEach: (after - before) / connections, totalMegabytes: after / MEGABYTES };
}

async function residentBytes(server) {
  server.say("memory");
  return (await server.next()).bytes;
}

function relative(argument) {
  return argument.endsWith(".mjs") ? here(argument) : argument;
}
