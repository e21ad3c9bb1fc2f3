// Frames that were given to the leading tab, until it is known what became of them. Knows no channel.
import type { SendOutcome } from "../../protocol/contract-types.ts";
import { isEventText } from "./routing.ts";

/** `lost`: it was given to a tab that is gone, and nobody knows whether it left. */
export type HandedOutcome = SendOutcome | "lost";

/** A frame on its way through another tab. */
export interface Handed {
  readonly text: string;
  /** Whether it may wait for another connection. */
  volatile: boolean;
  /** Told once. */
  settle: (outcome: HandedOutcome) => void;
}

/** What is known not to have left, and goes first when there is a connection again. */
export class Leftovers {
  #frames: Handed[] = [];

  /** Keeps those that may wait. Requests and what the toolkit says by itself belong to the connection that was. */
  keep(frames: readonly Handed[]): void {
    for (const frame of frames) {
      if (frame.volatile || !isEventText(frame.text)) frame.settle("dropped");
      else this.#frames.push(frame);
    }
  }

  /** All that is kept, which then is no longer. */
  take(): readonly Handed[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }

  /** Gives up what is kept. */
  drop(): void {
    for (const frame of this.take()) frame.settle("dropped");
  }
}
