// Starts the processes, keeps their state, kills one on demand and starts it again. Knows nothing of what they do.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

// How long a process that has ended stays away: long enough to see what happens without it.
const AWAY_MS = 8_000;

/** `starting` until it serves; `alive`; `ended` until it is started again. */
export type ProcessState = "starting" | "alive" | "ended";

/** Starts and ends one program again and again. */
export class ManagedProcess {
  readonly name: string;
  readonly #path: string;
  readonly #args: readonly string[];
  readonly #changed: () => void;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #isStopping = false;
  state: ProcessState = "starting";
  /** Where it listens, while it is alive. */
  port = 0;
  /** When it is started again, in milliseconds since 1970; after it has ended. */
  backAt = 0;

  /** @param changed - Told whenever anything of this has changed. */
  constructor(name: string, path: string, args: readonly string[], changed: () => void) {
    this.name = name;
    this.#path = path;
    this.#args = args;
    this.#changed = changed;
  }

  get isAlive(): boolean {
    return this.state === "alive";
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const child = fork(this.#path, [this.name, ...this.#args], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child = child;
    this.state = "starting";
    child.on("message", (message) => {
      this.port = portIn(message);
      this.state = "alive";
      this.#changed();
    });
    child.on("exit", () => this.#ended());
    this.#changed();
  }

  /** Ends it as nobody can prepare for. */
  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  /** Ends it for good, as it ends by itself; if it does not, as above. */
  async stop(patienceMs: number): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    if (child.connected) child.send("stop");
    const impatience = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    await ended;
    clearTimeout(impatience);
  }

  #ended(): void {
    this.state = "ended";
    if (this.#isStopping) return;
    this.backAt = Date.now() + AWAY_MS;
    this.#restart = setTimeout(() => this.start(), AWAY_MS);
    this.#changed();
  }
}

function portIn(message: unknown): number {
  return typeof message === "object" && message !== null && "port" in message ? Number(message.port) : 0;
}
