// Carries through NATS, on plain subjects: one connection, proven alive by probes that come back on it.
import { systemClock } from "../core/system-clock.ts";
import type { Carrier, CarrierListener } from "./broker.ts";
import type { NatsConnection, NatsMsg, NatsSubscription } from "./nats-types.ts";
import { Probe } from "./probe.ts";
import { inTime } from "./within.ts";

const LONGEST_PAUSE_MS = 1_000;
const ANSWER_MS = 2_000;
const NO_LINK = "there is no connection to NATS";

/** How a carrier is made. */
export interface NatsCarrierOptions {
  /** Makes a connection, or gives that of the application. */
  readonly connect: () => Promise<NatsConnection>;
  /** Whether the connection is the application's, which ends it itself. */
  readonly isGiven: boolean;
  /** The name of the application. */
  readonly name: string;
}

/** A carrier over NATS. */
export class NatsCarrier implements Carrier {
  readonly #options: NatsCarrierOptions;
  readonly #probe: Probe;
  /** What is to be in force; the subscriptions are those of the connection of now, which keeps them over its links. */
  readonly #wanted = new Map<string, NatsSubscription | undefined>();
  #listener: CarrierListener | undefined;
  #connection: NatsConnection | undefined;
  #state: "stopped" | "connecting" | "up" | "down" = "stopped";
  #probeSubject = "";
  #flushing: Promise<unknown> | undefined;
  #endPause: () => void = ignore;
  #abandon: (error: unknown) => void = ignore;

  constructor(options: NatsCarrierOptions) {
    this.#options = options;
    this.#probe = new Probe({
      clock: systemClock,
      send: (number) => this.publish(this.#probeSubject, String(number)).catch(ignore),
      silent: () => this.#dead(new Error("what was published did not come back")),
    });
  }

  start(node: string, listener: CarrierListener): void {
    this.#listener = listener;
    this.#probeSubject = `${this.#options.name}.probe.${node}`;
    this.#wanted.set(this.#probeSubject, undefined);
    this.#state = "connecting";
    this.#run().catch(ignore);
  }

  async publish(channel: string, text: string): Promise<void> {
    const connection = this.#connection;
    // While there is no link, the library keeps what is published for the next one.
    if (connection === undefined || this.#state !== "up") throw new Error(NO_LINK);
    connection.publish(channel, text);
    await this.#flush(connection);
  }

  async subscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#wanted.set(channel, this.#subscribe(channel));
    await this.#inForce();
  }

  async unsubscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) {
      this.#wanted.get(channel)?.unsubscribe();
      this.#wanted.delete(channel);
    }
  }

  async stop(): Promise<void> {
    const connection = this.#connection;
    this.#state = "stopped";
    this.#probe.stop();
    this.#endPause();
    if (connection === undefined) return;
    if (!this.#options.isGiven) await connection.close();
    else if (!connection.isClosed()) for (const subscription of this.#wanted.values()) subscription?.unsubscribe();
  }

  /** One connection after the other; usually there is but one, which comes back by itself. */
  async #run(): Promise<void> {
    while (this.#isRunning()) {
      const error = await this.#live().catch((thrown: unknown) => thrown);
      if (!this.#isRunning()) return;
      this.#connection = undefined;
      this.#down(error);
      await this.#pause();
    }
  }

  /** The life of one connection. @returns Why it ended. */
  async #live(): Promise<unknown> {
    const connection = await this.#options.connect();
    if (!this.#isRunning()) {
      if (!this.#options.isGiven) await connection.close();
      return undefined;
    }
    this.#connection = connection;
    const abandoned = new Promise<unknown>((resolve) => {
      this.#abandon = resolve;
    });
    this.#watch(connection).catch(ignore);
    for (const channel of this.#wanted.keys()) this.#wanted.set(channel, this.#subscribe(channel));
    this.#comeUp(connection).catch((error: unknown) => this.#dead(error));
    return Promise.race([connection.closed(), abandoned]);
  }

  /** The link is dead without a word, and what waits to be written to it may never be. */
  #dead(error: unknown): void {
    const connection = this.#connection;
    if (this.#options.isGiven) {
      this.#down(error);
      connection?.reconnect().catch(ignore);
      return;
    }
    this.#abandon(error);
    // This may take as long as the other end stands still. Nobody waits for it.
    connection?.close().catch(ignore);
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (connection !== this.#connection || !this.#isRunning()) return;
      if (type === "disconnect") this.#down(new Error("the connection was lost"));
      // Before it tells, the library has put all subscriptions in force again.
      else if (type === "reconnect") this.#comeUp(connection).catch((error: unknown) => this.#dead(error));
    }
  }

  async #comeUp(connection: NatsConnection): Promise<void> {
    await inTime(systemClock, ANSWER_MS, connection.flush());
    if (connection !== this.#connection || !this.#isRunning()) return;
    this.#state = "up";
    this.#probe.start();
    this.#listener?.up();
  }

  #down(error: unknown): void {
    this.#state = "down";
    this.#probe.stop();
    this.#listener?.down(error);
  }

  #subscribe(channel: string): NatsSubscription | undefined {
    const connection = this.#connection;
    if (connection === undefined || connection.isClosed()) return undefined;
    return connection.subscribe(channel, {
      callback: (error, message) => {
        if (connection === this.#connection) this.#heard(error, message);
      },
    });
  }

  #heard(error: Error | null, message: NatsMsg): void {
    this.#probe.alive();
    // The subscription has ended, for want of permission perhaps.
    if (error !== null) this.#dead(error);
    else if (message.subject === this.#probeSubject) this.#probe.heard(Number(message.string()));
    else this.#listener?.receive(message.subject, message.string());
  }

  async #inForce(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined || this.#state !== "up") throw new Error(NO_LINK);
    await this.#flush(connection);
  }

  /** One question to the server for all that is sent in a tick. */
  #flush(connection: NatsConnection): Promise<unknown> {
    this.#flushing ??= Promise.resolve().then(() => {
      this.#flushing = undefined;
      return connection.flush();
    });
    return this.#flushing;
  }

  // TypeScript takes a state it has just looked at for settled.
  #isRunning(): boolean {
    return this.#state !== "stopped";
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = systemClock.after(LONGEST_PAUSE_MS * (0.5 + Math.random() / 2), resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }
}

function ignore(): void {}
