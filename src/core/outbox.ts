// What waits to leave for one peer: joins a tick's texts into one write and watches how much is buffered.
// Knows nothing of envelopes; what to do about a peer that does not read is its owner's to say.
import type { Clock } from "../protocol/clock.ts";
import type { SendOutcome } from "../protocol/contract-types.ts";
import type { Limits } from "../protocol/limits.ts";
import { Newest } from "./newest.ts";
import { atEndOfTick } from "./tick.ts";
import type { Outgoing, Transport } from "./transport.ts";

// Only while somebody waits in drained(): not every runtime says when a socket has drained.
const DRAIN_POLL_MS = 50;

/** Whose outbox it is. */
export interface OutboxOwner {
  readonly limits: Limits;
  readonly clock: Clock;
  /** More than `limits.bufferedBytes` would be buffered. */
  overflow(): void;
  /** Something that was to be sent will not be, for the peer is slow. */
  dropped(): void;
}

/** The outgoing side of one connection. */
export class Outbox {
  readonly #transport: Transport;
  readonly #owner: OutboxOwner;
  #pending: Outgoing[] | undefined;
  #pendingLength = 0;
  #backlogged = false;
  #open = true;
  #drainWaiters: (() => void)[] | undefined;
  #newest: Newest | undefined;

  constructor(transport: Transport, owner: OutboxOwner) {
    this.#transport = transport;
    this.#owner = owner;
  }

  /** Bytes that have not left: of this tick (counted in UTF-16 code units) and in the socket. */
  get bufferedBytes(): number {
    return this.#unsentBytes + (this.#newest?.length ?? 0);
  }

  /**
   * Takes something that is to leave with this tick.
   *
   * @param volatile - It is dropped where more than the soft limit is buffered.
   * @param key - It waits here then, and takes the place of what waits under the same key.
   */
  push(outgoing: Outgoing, volatile: boolean, key?: string): SendOutcome {
    if (!this.#open) return "dropped";
    if (key !== undefined && this.#newest !== undefined && this.#newest.forget(key) > 0) this.#owner.dropped();
    const { bufferedBytes, bufferedBytesSoft } = this.#owner.limits;
    const length = typeof outgoing === "string" ? outgoing.length : outgoing.text.length;
    // What one tick sends says nothing about the peer: only what the socket has not taken does.
    if (this.#pendingLength + length > bufferedBytesSoft) this.flush();
    const buffered = this.bufferedBytes;
    if (volatile && buffered > bufferedBytesSoft) {
      this.#owner.dropped();
      return "dropped";
    }
    if (buffered > 0 && buffered + length > bufferedBytes) {
      this.#owner.overflow();
      return "dropped";
    }
    if (key !== undefined && buffered > bufferedBytesSoft) return this.#keep(key, outgoing);
    if (this.#pending === undefined) {
      this.#pending = [outgoing];
      atEndOfTick(this);
    } else this.#pending.push(outgoing);
    this.#pendingLength += length;
    return buffered > bufferedBytesSoft ? "queued" : "sent";
  }

  /**
   * Whether `length` more may leave past this outbox, on a way of the runtime's own. What is pending leaves first, to
   * keep the order.
   */
  isClear(length: number): boolean {
    if (!this.#open) return false;
    this.flush();
    const buffered = this.#transport.bufferedAmount();
    this.#backlogged = buffered > 0;
    return buffered + length <= this.#owner.limits.bufferedBytesSoft;
  }

  /** Hands what is pending to the socket, in one write where the transport can. */
  flush(): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    this.#pendingLength = 0;
    this.#backlogged = this.#hand(pending) === "queued";
  }

  /** From now on everything is dropped. What is pending has been flushed before, or is given up with the socket. */
  close(): void {
    this.#open = false;
    this.#newest = undefined;
    this.#pending = undefined;
    this.#pendingLength = 0;
    this.settleDrained();
  }

  /** Resolves when less than the soft limit is buffered, or nothing will ever leave again. */
  drained(): Promise<void> {
    if (this.#isCongested()) this.flush();
    if (!this.#isCongested()) return Promise.resolve();
    return new Promise((resolve) => {
      const isWatched = this.#isWatched;
      this.#drainWaiters ??= [];
      this.#drainWaiters.push(resolve);
      if (!isWatched) this.#watchDrain();
    });
  }

  /**
   * Looks whether what waits here may leave, and those who wait in `drained()` go on; connectors call it when a socket
   * has drained.
   */
  settleDrained(): void {
    if (this.#newest !== undefined) this.#releaseNewest(this.#newest);
    if (this.#drainWaiters === undefined || this.#isCongested()) return;
    const waiters = this.#drainWaiters;
    this.#drainWaiters = undefined;
    for (const resolve of waiters) resolve();
  }

  #hand(pending: readonly Outgoing[]): SendOutcome {
    const [first] = pending;
    if (pending.length === 1 && first !== undefined) return this.#transport.send(first);
    if (this.#transport.sendAll !== undefined) return this.#transport.sendAll(pending);
    let outcome: SendOutcome = "sent";
    for (const outgoing of pending) outcome = this.#transport.send(outgoing);
    return outcome;
  }

  #isCongested(): boolean {
    return this.#open && this.bufferedBytes >= this.#owner.limits.bufferedBytesSoft;
  }

  /** Without what waits under a key. */
  get #unsentBytes(): number {
    return this.#pendingLength + (this.#backlogged ? this.#transport.bufferedAmount() : 0);
  }

  #keep(key: string, outgoing: Outgoing): SendOutcome {
    const isWatched = this.#isWatched;
    this.#newest ??= new Newest();
    this.#newest.keep(key, outgoing);
    if (!isWatched) this.#watchDrain();
    return "queued";
  }

  #releaseNewest(newest: Newest): void {
    const { bufferedBytesSoft } = this.#owner.limits;
    while (this.#open && this.#unsentBytes <= bufferedBytesSoft) {
      const outgoing = newest.take();
      if (outgoing === undefined) break;
      this.push(outgoing, false);
      this.flush();
    }
    if (newest.length === 0) this.#newest = undefined;
  }

  /** Whether somebody waits for the socket to drain. */
  get #isWatched(): boolean {
    return this.#drainWaiters !== undefined || this.#newest !== undefined;
  }

  #watchDrain(): void {
    this.#transport.onceDrained?.(() => this.settleDrained());
    this.#pollDrain();
  }

  #pollDrain(): void {
    this.#owner.clock.after(DRAIN_POLL_MS, () => {
      this.settleDrained();
      if (this.#isWatched) this.#pollDrain();
    });
  }
}
