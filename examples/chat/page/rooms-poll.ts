// Asks the server which rooms there are, now and then. Knows one request; who shows the answer is told.
import type { ZapClient } from "zaptools/client";
import type { Chat } from "../contract.ts";
import type { RoomEntry } from "./rooms-view.ts";

// While somebody looks for a room, and while they are in one.
const CHOOSING_MS = 5_000;
const INSIDE_MS = 20_000;

/** Keeps a list of rooms fresh. */
export class RoomsPoll {
  readonly #client: ZapClient<Chat>;
  readonly #show: (rooms: readonly RoomEntry[]) => void;
  readonly #choosing: () => boolean;

  /** @param choosing - Whether somebody is looking for a room. */
  constructor(client: ZapClient<Chat>, show: (rooms: readonly RoomEntry[]) => void, choosing: () => boolean) {
    this.#client = client;
    this.#show = show;
    this.#choosing = choosing;
    this.#wait();
  }

  /** Asks now, if there is anybody to ask. */
  async ask(): Promise<void> {
    if (this.#client.getSnapshot().status !== "open") return;
    try {
      const { rooms } = await this.#client.request("room:list");
      this.#show(rooms);
    } catch {
      // The list stays as it was; the state of the connection is shown elsewhere.
    }
  }

  #wait(): void {
    window.setTimeout(
      () => {
        if (document.visibilityState === "visible") this.ask();
        this.#wait();
      },
      this.#choosing() ? CHOOSING_MS : INSIDE_MS,
    );
  }
}
