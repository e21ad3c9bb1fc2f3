// Carries through Redis: one link publishes, another listens and is proven alive by probes through the first. Knows
// neither library by name.
import { systemClock } from "../core/system-clock.ts";
import type { Carrier, CarrierListener } from "./broker.ts";
import { Lifeline } from "./lifeline.ts";
import { Probe } from "./probe.ts";
import { PLAIN_CHANNELS, type RedisChannels, shardedChannels } from "./redis-channels.ts";
import { LINK_TIMEOUT_MS, type RedisLibrary, type RedisLink } from "./redis-link.ts";
import { inTime } from "./within.ts";

// Channels of one command.
const BATCH = 512;
// Many thousand channels take their time.
const SUBSCRIBE_TIMEOUT_MS = 5_000;
const SILENT = "what was published did not come back";
const NO_LINK = "there is no connection to Redis";
const TAKEN = "taken";

/** How a carrier is made. */
export interface RedisCarrierOptions {
  /** Loads the library, again with each attempt until it has succeeded. */
  readonly load: () => Promise<RedisLibrary>;
  /** The name of the application. */
  readonly name: string;
  readonly shards: number;
}

/** A carrier over Redis. */
export class RedisCarrier implements Carrier {
  readonly #options: RedisCarrierOptions;
  readonly #publisher: Lifeline;
  readonly #subscriber: Lifeline;
  /** Whether Redis takes what is published, and whether it comes back. */
  readonly #taken: Probe;
  readonly #returned: Probe;
  /** What is to be in force on every link, by the names in Redis. */
  readonly #wanted = new Set<string>();
  /** The last probe that has come back, by channel. */
  readonly #lastBack = new Map<string, number>();
  #channels: RedisChannels = PLAIN_CHANNELS;
  #library: RedisLibrary | undefined;
  #listener: CarrierListener | undefined;
  /** The channels of the probes, by their names in Redis. */
  #probes: ReadonlySet<string> = new Set();
  #probeChannel = "";

  constructor(options: RedisCarrierOptions) {
    this.#options = options;
    const common = {
      clock: systemClock,
      make: async () => (await this.#load()).link(),
      message: (channel: string, text: string) => this.#heard(channel, text),
      up: () => this.#linkUp(),
    };
    const toPublisher = (error: unknown) => this.#publisherDown(error);
    this.#publisher = new Lifeline({ ...common, prepare: async () => {}, down: toPublisher });
    const toSubscriber = (error: unknown) => this.#down(error);
    this.#subscriber = new Lifeline({ ...common, prepare: (link) => this.#resubscribe(link), down: toSubscriber });
    this.#taken = new Probe({
      clock: systemClock,
      send: (number) => this.#sendProbes(TAKEN).then(() => this.#taken.heard(number), ignore),
      silent: () => this.#publisher.replace(new Error(SILENT)),
    });
    this.#returned = new Probe({
      clock: systemClock,
      send: (number) => this.#sendProbes(String(number)).catch(ignore),
      silent: () => this.#subscriber.replace(new Error(SILENT)),
    });
  }

  start(node: string, listener: CarrierListener): void {
    this.#listener = listener;
    this.#probeChannel = `${this.#options.name}.probe.${node}`;
    this.#publisher.start();
    this.#subscriber.start();
  }

  async publish(channel: string, text: string): Promise<void> {
    const { link } = this.#publisher;
    if (link === undefined) throw new Error(NO_LINK);
    await link.publish(this.#channels.toRedis(channel), text);
    if (this.#probes.size === 1) this.#taken.alive();
  }

  async subscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#wanted.add(channel);
    const { link } = this.#subscriber;
    if (link === undefined) throw new Error(NO_LINK);
    try {
      await this.#subscribeOn(link, channels);
    } catch (error) {
      // Whatever is in force on this link now: on the next one it is everything, or somebody hears why it is not.
      if (link === this.#subscriber.link) this.#subscriber.replace(error);
      throw error;
    }
  }

  async unsubscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#wanted.delete(channel);
    const { link } = this.#subscriber;
    if (link === undefined) return;
    await this.#onGroups(channels, (group) => link.unsubscribe(group));
  }

  async stop(): Promise<void> {
    this.#taken.stop();
    this.#returned.stop();
    this.#publisher.stop();
    this.#subscriber.stop();
  }

  async #load(): Promise<RedisLibrary> {
    if (this.#library !== undefined) return this.#library;
    this.#library = await this.#options.load();
    if (this.#library.isCluster) this.#channels = shardedChannels(this.#options.shards);
    this.#probes = new Set(this.#channels.probes(this.#probeChannel));
    return this.#library;
  }

  /** Puts everything in force on a new link: what has come meanwhile, too. */
  async #resubscribe(link: RedisLink): Promise<void> {
    await this.#onProbes((probes) => link.subscribe(probes));
    const done = new Set<string>();
    for (;;) {
      const missing = [...this.#wanted].filter((channel) => !done.has(channel));
      if (missing.length === 0) break;
      await this.#subscribeOn(link, missing);
      for (const channel of missing) done.add(channel);
    }
    const gone = [...done].filter((channel) => !this.#wanted.has(channel));
    if (gone.length > 0) this.#onGroups(gone, (group) => link.unsubscribe(group)).catch(ignore);
  }

  async #subscribeOn(link: RedisLink, channels: readonly string[]): Promise<void> {
    await this.#onGroups(channels, (group) => link.subscribe(group));
  }

  /**
   * Sends commands about channels in batches, all at once, each of one slot. Not every library gives a command up that
   * has been sent.
   */
  async #onGroups(channels: readonly string[], command: (group: readonly string[]) => Promise<unknown>): Promise<void> {
    const named = channels.map((channel) => this.#channels.toRedis(channel));
    const commands = this.#channels.group(named).flatMap((group) => batchesOf(group).map(command));
    await Promise.all(commands.map((sent) => inTime(systemClock, SUBSCRIBE_TIMEOUT_MS, sent)));
  }

  async #onProbes(command: (channels: readonly string[]) => Promise<unknown>): Promise<void> {
    await Promise.all([...this.#probes].map((channel) => inTime(systemClock, LINK_TIMEOUT_MS, command([channel]))));
  }

  async #sendProbes(text: string): Promise<void> {
    const { link } = this.#publisher;
    if (link === undefined) throw new Error(NO_LINK);
    await Promise.all([...this.#probes].map((channel) => link.publish(channel, text)));
  }

  #heard(channel: string, text: string): void {
    // Where there are shards, one connection says nothing of the others.
    if (this.#probes.size === 1) this.#returned.alive();
    if (!this.#probes.has(channel)) {
      this.#listener?.receive(channel, text);
      return;
    }
    if (text === TAKEN) return;
    this.#lastBack.set(channel, Number(text));
    // Each shard has a connection of its own; the slowest of them counts.
    this.#returned.heard(Math.min(...Array.from(this.#probes, (probe) => this.#lastBack.get(probe) ?? 0)));
  }

  #linkUp(): void {
    if (this.#publisher.link !== undefined) this.#taken.start();
    if (this.#publisher.link === undefined || this.#subscriber.link === undefined) return;
    this.#returned.start();
    this.#listener?.up();
  }

  #publisherDown(error: unknown): void {
    this.#taken.stop();
    this.#down(error);
  }

  #down(error: unknown): void {
    this.#returned.stop();
    this.#listener?.down(error);
  }
}

function batchesOf(channels: readonly string[]): (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  for (let start = 0; start < channels.length; start += BATCH) batches.push(channels.slice(start, start + BATCH));
  return batches;
}

function ignore(): void {}
