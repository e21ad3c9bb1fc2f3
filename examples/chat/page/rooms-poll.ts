// Asks the server which rooms there are, now and then. Knows one request; who shows the answer is told.
import type { ZapClient } from "zaptools/client";
import type { Chat } from "../contract.ts";
import type { RoomEntry } from "./rooms-view.ts";

const EVERY_MS = 5_000;

/** Keeps a list of rooms fresh. */
export class RoomsPoll {
  readonly #client: ZapClient<Chat>;
  readonly #show: (rooms: readonly RoomEntry[]) => void;
  readonly #wanted: () => boolean;

  /** @param wanted - Whether somebody is looking, so that nobody is asked for nothing. */
  constructor(client: ZapClient<Chat>, show: (rooms: readonly RoomEntry[]) => void, wanted: () => boolean) {
    this.#client = client;
    this.#show = show;
    this.#wanted = wanted;
    setInterval(() => {
      if (this.#wanted() && document.visibilityState === "visible") this.ask();
    }, EVERY_MS);
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
}
