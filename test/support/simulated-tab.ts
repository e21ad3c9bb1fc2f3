// One tab of a simulated browser: whatever runs in it runs through it, so that it can freeze and die at any moment.
// Knows no clients.
import type { WebSocketLike } from "../../src/client/socket.ts";
import type { Clock } from "../../src/protocol/clock.ts";
import type { SimulatedNetwork, SimulatedSocket } from "./simulated-network.ts";

/** `dead`: it has crashed or was closed. */
type TabState = "running" | "frozen" | "dead";

/** A tab with tasks, a clock and sockets. */
export class SimulatedTab {
  state: TabState = "running";
  readonly sockets: SimulatedSocket[] = [];
  readonly #tasks: (() => void)[] = [];
  readonly clock: Clock;
  readonly WebSocket: new (
    url: string,
    protocols?: string[],
  ) => WebSocketLike;

  constructor(clock: Clock, network: SimulatedNetwork) {
    this.clock = {
      now: clock.now,
      after: (delay, callback) => {
        let wanted = true;
        const cancel = clock.after(delay, () => this.run(() => wanted && callback()));
        return () => {
          wanted = false;
          cancel();
        };
      },
    };
    this.WebSocket = tabSocket(this, network);
  }

  /** Runs a task, now or when the tab is thawed; never when it is dead. */
  run(task: () => void): void {
    if (this.state === "running") task();
    if (this.state === "frozen") this.#tasks.push(task);
  }

  freeze(): void {
    if (this.state === "running") this.state = "frozen";
  }

  /** What has come meanwhile runs in the order it came, promises settling in between. */
  async thaw(): Promise<void> {
    if (this.state !== "frozen") return;
    this.state = "running";
    for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) {
      task();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Nothing runs here any more, and the other end of every socket learns it. */
  die(): void {
    this.state = "dead";
    for (const socket of this.sockets) socket.link = "closed";
  }
}

/** WebSockets whose events are tasks of a tab. */
function tabSocket(tab: SimulatedTab, network: SimulatedNetwork): SimulatedTab["WebSocket"] {
  return class implements WebSocketLike {
    onopen: ((event: never) => unknown) | null = null;
    onmessage: ((event: never) => unknown) | null = null;
    onclose: ((event: never) => unknown) | null = null;
    onerror: ((event: never) => unknown) | null = null;
    readonly #socket: SimulatedSocket;

    constructor(url: string, protocols?: string[]) {
      const socket = new network.WebSocket(url, protocols);
      this.#socket = socket;
      tab.sockets.push(socket);
      const pass = (handler: () => ((event: never) => unknown) | null) => (event: never) =>
        tab.run(() => handler()?.(event));
      socket.onopen = pass(() => this.onopen);
      socket.onmessage = pass(() => this.onmessage);
      socket.onclose = pass(() => this.onclose);
    }

    get readyState(): number {
      return this.#socket.readyState;
    }

    get bufferedAmount(): number {
      return this.#socket.bufferedAmount;
    }

    send(text: string): void {
      // Browsers pass over what is sent by a socket that is closing.
      if (this.#socket.readyState <= 1) this.#socket.send(text);
    }

    close(code?: number, reason?: string): void {
      this.#socket.close(code, reason);
    }
  };
}
