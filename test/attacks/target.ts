// The server under attack as attacks see it: peers to attack with, and the check that nothing was harmed by them.
import { expect, vi } from "vitest";
import { type RawOptions, RawPeer } from "../support/raw-peer.ts";
import { TOKEN_MARK, type Variant } from "./doorkeeper.ts";
import { Innocent } from "./innocent.ts";
import type { Report } from "./report.ts";
import type { Attacked, Subject } from "./subject.ts";

/** What has to be back where it began once an attack is over. */
type Counts = Pick<Report, "connections" | "rooms" | "ready" | "resources" | "listeners">;

// How long the traces of an attack may take to vanish: a peer that does not answer a Close is cut after 3 seconds.
const SETTLED = { timeout: 15_000, interval: 4 };

// The innocent client, who asks for them, has a rate to keep.
const ENDING_MS = 20;

/** The header that proves who a peer is, in the way the application's `authenticate` reads it. */
export function bearer(token: string): string[] {
  return [`Authorization: Bearer ${token}${TOKEN_MARK}`];
}

/** One subject that runs, and an innocent client of it. */
export class Target {
  readonly subject: Subject;
  readonly attacked: Attacked;
  readonly innocent: Innocent;
  readonly #baseline: Counts;

  private constructor(subject: Subject, attacked: Attacked, innocent: Innocent, baseline: Counts) {
    this.subject = subject;
    this.attacked = attacked;
    this.innocent = innocent;
    this.#baseline = baseline;
  }

  /** Starts the subject and its innocent client. */
  static async start(subject: Subject, variant: Variant): Promise<Target> {
    const attacked = await subject.start(variant);
    // As somebody who is let in everywhere, from an address of its own.
    const proof = { Authorization: `Bearer is:innocent${TOKEN_MARK}`, "X-Forwarded-For": "203.0.113.1" };
    const innocent = await Innocent.open(attacked.port, proof);
    // A first connection has come and gone, and what is made only once has been made.
    const first = await RawPeer.open(attacked.port, { headers: bearer("is:first") });
    await first.ask("whoami");
    first.reset();
    let report: Report;
    do report = (await innocent.ask("report")) as Report;
    while (report.connections > 1 || report.ready > 1);
    return new Target(subject, attacked, innocent, countsOf(report));
  }

  get port(): number {
    return this.attacked.port;
  }

  /** A peer whose upgrade was accepted. */
  open(options?: RawOptions): Promise<RawPeer> {
    return RawPeer.open(this.port, options);
  }

  /** A peer, and the id of its connection. */
  async identified(): Promise<{ readonly peer: RawPeer; readonly id: string }> {
    const peer = await this.open();
    const { id } = (await peer.ask("whoami")) as { id: string };
    return { peer, id };
  }

  /** What the server says of itself. */
  async report(): Promise<Report> {
    return (await this.innocent.ask("report")) as Report;
  }

  /** How a connection ended as the server saw it, once it has. */
  async endingOf(id: string): Promise<unknown> {
    for (;;) {
      const ending = await this.innocent.ask("ending", id);
      if (ending !== null) return ending;
      await new Promise((resolve) => setTimeout(resolve, ENDING_MS));
    }
  }

  /** Runs what gets one connection closed with `code`, and resolves once it is, whether its peer answers or not. */
  async refused(code: number, attack: () => unknown): Promise<void> {
    const count = async () => (await this.report()).refused[code] ?? 0;
    const before = await count();
    await attack();
    await vi.waitFor(async () => expect(await count()).toBe(before + 1), SETTLED);
  }

  /** The server is alive, the innocent client suffered nothing, and all counts are back where they began. */
  async expectUnharmed(): Promise<void> {
    const { child, log } = this.attacked;
    if (child.exitCode !== null || child.signalCode !== null) {
      expect.fail(`The server ended with ${child.exitCode ?? child.signalCode}:\n${log.slice(-20).join("\n")}`);
    }
    expect(await this.innocent.harm()).toBeUndefined();
    await vi.waitFor(async () => {
      const report = await this.report();
      const { connected, disconnected } = report.lifecycle;
      expect(countsOf(report)).toEqual(this.#baseline);
      // Whoever was told of a connection has been told of its end.
      expect(connected - disconnected).toBe(report.ready);
      expect(report.smuggled).toBe(0);
    }, SETTLED);
  }
}

function countsOf({ connections, rooms, ready, resources, listeners }: Report): Counts {
  return { connections, rooms, ready, resources, listeners };
}
