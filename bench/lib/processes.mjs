// Starts programs on a core of their own and talks to them in lines of JSON. Knows nothing of what they do.
import { spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";

const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Whether server and load can be kept on cores of their own. */
export const canPin = availableParallelism() >= 2 && spawnSync("taskset", ["-c", "0", "true"]).status === 0;

/** Open files a process may have, as far as it may be raised. */
export const openFiles = Number(spawnSync("sh", ["-c", "ulimit -Hn"]).stdout) || Number.POSITIVE_INFINITY;

/**
 * Starts a program.
 *
 * @param core - The core it is kept on, where that can be done.
 * @returns `pid`, `next()` for its next line, `say(word)`, `stop()`.
 */
export function start(core, command, args) {
  const raised = ["-c", 'ulimit -n "$(ulimit -Hn)"; exec "$@"', "sh"];
  const pinned = canPin ? ["taskset", "-c", String(core)] : [];
  const child = spawn("sh", [...raised, ...pinned, command, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  let complaint = "";
  child.stderr.on("data", (bytes) => {
    complaint = (complaint + bytes).slice(-2_000);
  });
  child.stdin.on("error", () => {});
  const exited = new Promise((resolve) => {
    child.on("exit", () => {
      running.delete(child);
      resolve();
    });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid,
    ended: exited,
    async next() {
      const { value, done } = await lines.next();
      if (!done) return JSON.parse(value);
      await exited;
      throw new Error(`${args[0]} ended early: ${complaint.trim() || "it did not say why"}`);
    },
    say(word) {
      child.stdin.write(`${word}\n`);
    },
    async stop() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
