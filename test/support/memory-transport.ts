// The engine's port without a socket: keeps what leaves for a test to read. Knows nothing of envelopes or registers.
import { type Outgoing, type Transport, textOf } from "../../src/core/transport.ts";
import type { SendOutcome } from "../../src/protocol/contract-types.ts";

/** How a transport ended: a Close that the engine sent, or a socket that it cut. */
export type Ending = { readonly code: number; readonly reason: string } | "terminated";

/** A transport in memory. It takes everything, unless a test sets `buffered`. */
export class MemoryTransport implements Transport {
  /** The texts that left, by write. */
  readonly writes: string[][] = [];
  /** What was framed for many, in the order it left. */
  readonly shared: Outgoing[] = [];
  /** Bytes that the peer has not taken yet. */
  buffered = 0;
  /** Whether the engine wants to read. */
  reading: "on" | "paused" = "on";
  /** How often reading was paused. */
  pauses = 0;
  /** How often it was asked for a sign of life. */
  pings = 0;
  /** Everything the engine did to end it, in order. */
  readonly endings: Ending[] = [];
  /** Called with a Close that the engine sends; set it to answer. */
  onClose: (code: number, reason: string) => void = () => {};

  /** The texts that left. */
  get texts(): string[] {
    return this.writes.flat();
  }

  send(outgoing: Outgoing): SendOutcome {
    return this.sendAll([outgoing]);
  }

  sendAll(outgoing: readonly Outgoing[]): SendOutcome {
    if (this.endings.length > 0) return "dropped";
    this.shared.push(...outgoing.filter((one) => typeof one !== "string"));
    this.writes.push(outgoing.map(textOf));
    return this.buffered > 0 ? "queued" : "sent";
  }

  bufferedAmount(): number {
    return this.buffered;
  }

  close(code: number, reason: string): void {
    this.endings.push({ code, reason });
    this.onClose(code, reason);
  }

  terminate(): void {
    this.endings.push("terminated");
  }

  ping(): void {
    this.pings++;
  }

  pause(): void {
    this.reading = "paused";
    this.pauses++;
  }

  resume(): void {
    this.reading = "on";
  }
}
