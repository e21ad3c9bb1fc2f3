// A program in a process of its own, and the lines it says and is told. Knows no program.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Those that run, so that none outlives the tests, whatever becomes of these. */
const running = new Set<ChildProcess>();

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A program that runs. */
export class Program {
  /** What it has said, on stdout and stderr, line by line. */
  readonly said: string[] = [];
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  /** @param cwd - The folder it runs in; this process's where there is none. */
  constructor(command: string, args: readonly string[], cwd?: string) {
    const env = { ...process.env, PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" };
    this.#child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    running.add(this.#child);
    const { stdout, stderr } = this.#child;
    for (const stream of [stdout, stderr]) {
      if (stream !== null) createInterface({ input: stream }).on("line", (line) => this.#take(line));
    }
    this.ended = new Promise((resolve) => {
      const over = (error?: unknown) => {
        if (error instanceof Error) this.said.push(error.message);
        this.#isOver = true;
        running.delete(this.#child);
        this.#wake();
        resolve();
      };
      this.#child.once("error", over);
      this.#child.once("close", over);
    });
  }

  /** What `find` makes of the lines, as soon as it makes anything of them. Rejects when the program ends before. */
  async until<T>(find: (said: readonly string[]) => T | undefined): Promise<T> {
    for (;;) {
      const found = find(this.said);
      if (found !== undefined) return found;
      if (this.#isOver) throw new Error(`It ended, after it had said:\n${this.said.join("\n")}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Writes a line to its stdin. */
  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Ends it, unless it has ended. */
  async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.#child.stdin?.end();
    this.#child.kill(signal);
    await this.ended;
  }

  #take(line: string): void {
    this.said.push(line);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
