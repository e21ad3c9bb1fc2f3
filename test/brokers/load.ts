// Members of a room under load: what each got of the numbered events of each node, and whether anything is missing.
// Starts no node.
import { once } from "node:events";
import { WebSocket } from "ws";
import { Peer } from "../contracts/peer.ts";

/** One event of the load, as it came. */
interface Tick {
  readonly n: number;
  /** When it came, in milliseconds of this process's clock. */
  readonly at: number;
}

/** A member of the room that all load goes to. */
export class Member {
  readonly node: string;
  /** What came, by the node that sent it. */
  readonly ticks = new Map<string, Tick[]>();
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket, node: string) {
    this.#socket = socket;
    this.node = node;
  }

  /** Connects and joins; `node` is the id of the node. */
  static async join(url: string, node: string, room: string): Promise<Member> {
    const socket = new WebSocket(url);
    await once(socket, "open");
    const member = new Member(socket, node);
    socket.on("error", () => {});
    const joined = new Promise<void>((resolve) => {
      socket.on("message", (bytes) => {
        const { eventName, payload } = JSON.parse(bytes.toString());
        if (eventName === "tick") member.#take(payload);
        else if (eventName === "join") resolve();
      });
    });
    socket.send(JSON.stringify({ eventName: "join", payload: { room }, headers: { zap: { id: "1" } } }));
    await joined;
    return member;
  }

  /** The events of one node, from the first that is after `n` on. */
  after(from: string, n: number): readonly Tick[] {
    return (this.ticks.get(from) ?? []).filter((tick) => tick.n > n);
  }

  leave(): void {
    this.#socket.terminate();
  }

  #take({ from, n }: { from: string; n: number }): void {
    const ticks = this.ticks.get(from) ?? [];
    this.ticks.set(from, ticks);
    ticks.push({ n, at: performance.now() });
  }
}

/** How many numbers are missing between the first and the last, and how many are out of order or there twice. */
export function faultsIn(ticks: readonly Tick[]): { readonly missing: number; readonly disordered: number } {
  let [missing, disordered] = [0, 0];
  for (const [index, { n }] of ticks.entries()) {
    const before = ticks[index - 1]?.n ?? n - 1;
    if (n <= before) disordered++;
    else missing += n - before - 1;
  }
  return { missing, disordered };
}

/** A client that controls one node. */
export class Control {
  readonly peer: Peer;
  readonly id: string;

  private constructor(peer: Peer, id: string) {
    this.peer = peer;
    this.id = id;
  }

  static async of(url: string): Promise<Control> {
    const peer = await Peer.open(url);
    const { id } = (await peer.ask("status")) as { id: string };
    return new Control(peer, id);
  }

  ask<T>(what: string, wish: object = {}): Promise<T> {
    return this.peer.ask(what, wish) as Promise<T>;
  }
}

/** Waits until something is so, looking 50 times a second. @throws After so many milliseconds. */
export async function eventually(what: string, ms: number, isSo: () => boolean | Promise<boolean>): Promise<number> {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > ms) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - started;
}
