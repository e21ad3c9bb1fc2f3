// Draws the results of a full run as bars, in an SVG that fits light and dark pages. Measures nothing.
// By hand: node bench/chart.mjs
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { contenders } from "./contenders.mjs";
import { short } from "./lib/report.mjs";
import { isOurs } from "./works.mjs";

const RESULTS = new URL("results/latest.json", import.meta.url);
const IMAGE = new URL("../docs/images/bench.svg", import.meta.url);

const WIDTH = 860;
const MARGIN = 20;
const GAP = 40;
const COLUMN = (WIDTH - 2 * MARGIN - GAP) / 2;
const LABEL = 150;
const VALUE = 62;
const ROW = 22;
const BAR = 14;
const HEADING = 46;
const FOOTER = 34;

// Another runtime: what it does is seen apart.
const ON_BUN = new Set(["bun", "oursBun"]);

const STYLE = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .quiet { fill: #59636e; }
  .ours { fill: #0969da; }
  .other { fill: #afb8c1; }
  .bun { fill-opacity: 0.35; stroke-dasharray: 3 2; }
  .ours.bun { stroke: #0969da; }
  .other.bun { stroke: #818b98; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .quiet { fill: #9198a1; }
    .ours { fill: #4493f8; }
    .other { fill: #4d5561; }
    .ours.bun { stroke: #4493f8; }
    .other.bun { stroke: #7d8590; }
  }`;

/** Writes the chart of `results`, as `run.mjs` makes them. */
export function writeChart(results) {
  mkdirSync(new URL(".", IMAGE), { recursive: true });
  writeFileSync(IMAGE, drawing(results));
}

function drawing(results) {
  const panels = results.works.flatMap(({ title, figures }) => figures.map((figure) => ({ title, ...figure })));
  const heights = [MARGIN, MARGIN];
  const drawn = panels.map((panel) => {
    const column = heights[0] <= heights[1] ? 0 : 1;
    const place = { x: MARGIN + column * (COLUMN + GAP), y: heights[column] };
    heights[column] += HEADING + panel.values.length * ROW;
    return panelAt(place, panel);
  });
  const height = Math.max(...heights) + FOOTER;
  const { machine, versions } = results;
  const what = `Node ${versions.node}, ws ${versions.ws}, Socket.IO ${versions["socket.io"]}, crossws ${versions.crossws}, Bun ${versions.bun}`;
  const how = `medians of ${results.rounds} interleaved rounds, ${machine.cores} cores, ${results.taken}. Bun (dashed) is another runtime.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    "<title>zaptools measured against ws, Socket.IO, crossws and Bun</title>",
    `<style>${STYLE}\n</style>`,
    ...drawn,
    text(MARGIN, height - 26, `${what};`, "quiet"),
    text(MARGIN, height - 10, how, "quiet"),
    "</svg>\n",
  ].join("\n");
}

function panelAt({ x, y }, { title, unit, better, values }) {
  const most = Math.max(...values.map(({ median }) => median));
  const room = COLUMN - LABEL - VALUE;
  const rows = values.map(({ id, median }, index) => {
    const top = y + 34 + index * ROW;
    const width = Math.max(1, (median / most) * room).toFixed(1);
    const kind = ON_BUN.has(id) ? `${isOurs(id) ? "ours" : "other"} bun` : isOurs(id) ? "ours" : "other";
    return [
      text(x, top + 11, contenders[id].label),
      `<rect class="${kind}" x="${x + LABEL}" y="${top}" width="${width}" height="${BAR}" rx="2"/>`,
      text(x + LABEL + Number(width) + 6, top + 11, short(median), "quiet"),
    ].join("");
  });
  const heading = [text(x, y + 8, title, "title"), text(x, y + 24, `${unit}, ${better} is better`, "quiet")];
  return [...heading, ...rows].join("\n");
}

function text(x, y, content, kind) {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}"${kind === undefined ? "" : ` class="${kind}"`}>${escaped}</text>`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeChart(JSON.parse(readFileSync(RESULTS, "utf8")));
