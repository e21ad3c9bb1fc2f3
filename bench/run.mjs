// The bench: ours against the others, in interleaved rounds. Reads the arguments, takes the samples, shows the results.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeChart } from "./chart.mjs";
import { contenders } from "./contenders.mjs";
import { readArguments, usage } from "./lib/arguments.mjs";
import { machine } from "./lib/machine.mjs";
import { installPackages, versions } from "./lib/packages.mjs";
import { canPin, openFiles } from "./lib/processes.mjs";
import { noRedis } from "./lib/redis.mjs";
import { figuresTable, ratiosTable, short } from "./lib/report.mjs";
import { resultOf } from "./lib/results.mjs";
import { takeQuietSample } from "./lib/sample.mjs";

// Beside the connections: the program's own files, and those of the warm-up.
const SPARE_FILES = 1_000;

if (process.argv.includes("--help")) {
  console.log(usage);
} else {
  try {
    await run(readArguments(process.argv.slice(2)));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

async function run(asked) {
  const plan = { ...asked, works: asked.works.filter(canRun) };
  if (plan.works.length === 0) throw new Error(`This cannot be measured here: ${noRedis}`);
  installPackages();
  if (!canPin) console.error("Server and load share their cores here: expect smaller ratios and more noise.");
  const begin = performance.now();
  const samples = await takeSamples(plan);
  const works = plan.works.map((work) => resultOf(work, samples.get(work)));
  for (const result of works) console.log(`\n${figuresTable(result)}`);
  console.log(`\n${ratiosTable(works)}`);
  const { rounds, warmMs, measureMs, complete } = plan;
  const taken = new Date().toISOString().slice(0, 10);
  const results = { taken, machine: machine(), versions: versions(), rounds, warmMs, measureMs, works };
  const file = write(results, complete ? "latest.json" : "partial.json");
  if (complete) writeChart(results);
  console.log(`\n${rounds} rounds in ${Math.round((performance.now() - begin) / 1_000)} s. Figures: ${file}`);
}

/** Nodes need something between them. */
function canRun({ title, contenders: names }) {
  if (noRedis === undefined || !names.some((name) => contenders[name].nodes > 1)) return true;
  console.error(`NOT MEASURED: ${title}: ${noRedis}`);
  return false;
}

/** Rounds outermost, so that whatever else the machine does falls on all alike. */
async function takeSamples({ works, rounds, warmMs, measureMs, tries }) {
  const samples = new Map(works.map((work) => [work, new Map(work.contenders.map((name) => [name, []]))]));
  const total = rounds * works.reduce((sum, work) => sum + work.contenders.length, 0);
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    for (const work of works) {
      for (const name of rotated(work.contenders, round)) {
        const job = bounded({ ...work.job, ...contenders[name].job, warmMs, measureMs });
        const sample = await takeQuietSample(contenders[name], job, tries);
        samples.get(work).get(name).push(sample);
        const figures = work.figures.map(({ key, unit }) => `${short(sample[key])} ${unit}`).join(", ");
        console.error(`[${++done}/${total}] round ${round + 1}: ${work.title}: ${contenders[name].label}: ${figures}`);
      }
    }
  }
  return samples;
}

/** Nobody is always first. */
function rotated(names, round) {
  const shift = round % names.length;
  return [...names.slice(shift), ...names.slice(0, shift)];
}

/** Fewer connections where the system does not allow as many open files. */
function bounded(job) {
  const connections = Math.min(job.connections, openFiles - SPARE_FILES);
  if (connections < job.connections) console.error(`Only ${connections} connections: open files are limited here.`);
  return { ...job, connections };
}

function write(results, name) {
  const folder = new URL("results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(name, folder), `${JSON.stringify(results, undefined, 2)}\n`);
  return fileURLToPath(new URL(name, folder));
}
