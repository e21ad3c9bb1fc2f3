// The server under attack as attacks see it: peers to attack with, and the check that nothing was harmed by them.
import { expect } from "vitest";
import { type RawOptions, RawPeer } from "../support/raw-peer.ts";
import { Innocent } from "./innocent.ts";
import type { Report } from "./report.ts";
import type { Attacked, Subject } from "./subject.ts";

/** What has to be back where it began once an attack is over. */
type Counts = Pick<Report, "connections" | "rooms" | "ready" | "resources" | "listeners">;

// How long the traces of an attack may take to vanish: a peer that does not answer a Close is cut after 3 seconds.
const SETTLED = { timeout: 15_000, interval: 10 };

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
  static async start(subject: Subject): Promise<Target> {
    const attacked = await subject.start();
    const innocent = await Innocent.open(attacked.port);
    // A first connection has come and gone, and what is made only once has been made.
    const first = await RawPeer.open(attacked.port);
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
      // The innocent client has a rate to keep, too.
      await new Promise((resolve) => setTimeout(resolve, SETTLED.interval));
    }
  }

  /** The server is alive, the innocent client suffered nothing, and all counts are back where they began. */
  async expectUnharmed(): Promise<void> {
    const { child, log } = this.attacked;
    if (child.exitCode !== null || child.signalCode !== null) {
      expect.fail(`The server ended with ${child.exitCode ?? child.signalCode}:\n${log.slice(-20).join("\n")}`);
    }
    expect(await this.innocent.harm()).toBeUndefined();
    await expect.poll(async () => countsOf(await this.report()), SETTLED).toEqual(this.#baseline);
    const { smuggled, lifecycle, ready } = await this.report();
    expect(smuggled).toBe(0);
    expect(lifecycle.connected - lifecycle.disconnected).toBe(ready);
  }
}

function countsOf({ connections, rooms, ready, resources, listeners }: Report): Counts {
  return { connections, rooms, ready, resources, listeners };
}
