// The stretch of time that counts: how long it was and how busy server and load were in it. Knows no work.
import { readFileSync } from "node:fs";
import { LOAD_CORE, SERVER_CORE } from "../lib/cores.mjs";

const TICKS_PER_SECOND = 100;
const NOTHING = { servers: [], load: [] };

/** Runs until `warmMs` have passed, then counts for `measureMs`. @param count - Reads the running count. */
export async function measure(count, { warmMs, measureMs, serverPid, beside }) {
  await passed(warmMs);
  const window = startWindow(serverPid, beside);
  const before = count();
  await passed(measureMs);
  return window.end(count() - before);
}

/**
 * Starts a window that the work itself ends.
 *
 * @param beside - The pids of what else runs on the cores of server and load, and is counted with them.
 */
export function startWindow(serverPid, { servers, load } = NOTHING) {
  const pids = { server: [serverPid, ...servers], load };
  const begin = usage(pids);
  return {
    /** @returns What was done per second, and the shares of the window that server, load and others had of their cores. */
    end(done) {
      const end = usage(pids);
      const seconds = end.at - begin.at;
      const shareOf = (key) => (end[key] - begin[key]) / seconds;
      const serverBusy = known(shareOf("server"));
      const loadBusy = known(shareOf("load"));
      const others = known(Math.max(0, shareOf("serverCore") - serverBusy, shareOf("loadCore") - loadBusy));
      return { perSecond: done / seconds, serverBusy, loadBusy, others };
    },
  };
}

export function passed(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** CPU seconds up to now; NaN where the system does not tell. */
function usage({ server, load }) {
  const { user, system } = process.cpuUsage();
  return {
    at: performance.now() / 1_000,
    load: (user + system) / 1e6 + secondsOfAll(load),
    server: secondsOfAll(server),
    serverCore: secondsOf("/proc/stat", (text) => busyFields(text, SERVER_CORE)),
    loadCore: secondsOf("/proc/stat", (text) => busyFields(text, LOAD_CORE)),
  };
}

function secondsOfAll(pids) {
  const secondsOfOne = (pid) => secondsOf(`/proc/${pid}/stat`, (text) => text.split(") ")[1].split(" ").slice(11, 13));
  return pids.map(secondsOfOne).reduce((sum, seconds) => sum + seconds, 0);
}

/** All that a core does but idling and waiting: user, nice, system, irq, softirq, steal. */
function busyFields(text, core) {
  const line = text.split("\n").find((one) => one.startsWith(`cpu${core} `));
  const [user, nice, system, , , irq, softirq, steal] = line.split(" ").slice(1);
  return [user, nice, system, irq, softirq, steal];
}

function secondsOf(file, fieldsOf) {
  try {
    return fieldsOf(readFileSync(file, "latin1")).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

function known(number) {
  return Number.isNaN(number) ? undefined : number;
}
