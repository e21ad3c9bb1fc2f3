// Who is measured: the program of each server, how its events are spelled, and what is particular to its job.
// Measures nothing.
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

// No more than a server needs for a collection on demand.
const NODE = ["--expose-gc"];

const onNode = (label, program, dialect = "envelopes", ...rest) => ({
  label,
  dialect,
  command: process.execPath,
  args: [...NODE, `servers/${program}`, ...rest],
});

/** Several nodes that are joined by a Redis; each is told its port. */
const onNodes = (nodes, label, program, dialect) => ({ ...onNode(label, program, dialect), nodes });

const onBun = (label, program) => ({
  label,
  dialect: "envelopes",
  get command() {
    return bunBinary();
  },
  args: [`servers/${program}`],
});

export const contenders = {
  ours: onNode("zaptools", "ours.mjs", "envelopes", "sync", "unlimited"),
  oursAsync: onNode("zaptools (async)", "ours.mjs", "envelopes", "async", "unlimited"),
  oursDefault: onNode("zaptools", "ours.mjs", "envelopes", "sync", "limited"),
  ws: onNode("ws by hand", "ws.mjs"),
  socketIo: onNode("Socket.IO", "socket-io.mjs", "socketIo"),
  crossws: onNode("crossws", "crossws.mjs"),
  bun: onBun("Bun by hand", "bun.mjs"),
  oursBun: onBun("zaptools on Bun", "ours-bun.mjs"),
  oursValidated: onNode("zaptools", "ours-validated.mjs", "envelopes", "sync"),
  oursValidatedAsync: onNode("zaptools (async)", "ours-validated.mjs", "envelopes", "async"),
  allReading: { ...onNode("everybody reads", "ours.mjs", "envelopes", "sync", "unlimited"), job: { stalled: 0 } },
  oursStalled: { ...onNode("1 % do not", "ours.mjs", "envelopes", "sync", "unlimited"), job: { stalled: 100 } },
  oursCluster: onNodes(2, "zaptools", "ours-cluster.mjs"),
  socketIoCluster: onNodes(2, "Socket.IO", "socket-io-cluster.mjs", "socketIo"),
  wsValidated: onNode("ws by hand", "ws-validated.mjs"),
};

/** The binary itself: where the install script of the package put it, or where it was before that ran. */
function bunBinary() {
  const modules = fileURLToPath(new URL("node_modules/", import.meta.url));
  const platforms = readdirSync(`${modules}@oven`).map((name) => `${modules}@oven/${name}/bin/bun`);
  const binary = [`${modules}bun/bin/bun.exe`, ...platforms].find((path) => existsSync(path));
  if (binary === undefined) throw new Error("Bun has no binary for this platform.");
  return binary;
}
