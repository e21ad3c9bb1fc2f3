// What the user does in the chat: joins, speaks, moves on, leaves, and is back after a lost connection.
// Knows the client and its events; shows nothing itself.
import type { ZapClient } from "zaptools/client";
import type { Chat } from "../contract.ts";
import type { Wish } from "./join-form.ts";
import type { Said } from "./log-view.ts";

/**
 * Where the user is: `outside` all rooms; `inside` one; `away` from it because the connection was lost, and going back
 * as soon as there is one.
 */
export type Place = "outside" | "inside" | "away";

/** Who is told what happens in the chat. */
export interface SessionOwner {
  /** The user is in a room now: a new one, or `back` in the one they were in. */
  entered(wish: Wish, members: readonly string[], how: "new" | "back"): void;
  /** The connection was lost while in a room. */
  lost(): void;
  /** The user is in no room any more; with an error where that was not their wish. */
  left(error?: unknown): void;
  came(name: string, members: readonly string[], own: string): void;
  went(name: string, members: readonly string[], own: string): void;
  said(said: Said): void;
  typing(from: string): void;
}

// Others are told this often, in milliseconds, while somebody keeps typing.
const TYPING_EVERY_MS = 2_000;

/** The user's part in the chat. */
export class Session {
  readonly #client: ZapClient<Chat>;
  readonly #owner: SessionOwner;
  // Not `randomUUID`, which pages have only where they came over HTTPS or from this machine.
  readonly #visit = crypto.getRandomValues(new Uint32Array(4)).join("-");
  #place: Place = "outside";
  #wish: Wish | undefined;
  #typedAt = Number.NEGATIVE_INFINITY;
  // What was said here and has not come back yet: that is how an own text is told from one of a namesake.
  readonly #speaking: string[] = [];

  constructor(client: ZapClient<Chat>, owner: SessionOwner) {
    this.#client = client;
    this.#owner = owner;
    client.onEvent("chat:joined", ({ payload }) => {
      this.#inside(({ name }) => owner.came(payload.name, payload.members, name));
    });
    client.onEvent("chat:left", ({ payload }) => {
      this.#inside(({ name }) => owner.went(payload.name, payload.members, name));
    });
    client.onEvent("chat:typing", ({ payload }) => this.#inside(() => owner.typing(payload.from)));
    client.onEvent("chat:said", ({ payload }) => {
      this.#inside(() => owner.said({ ...payload, mine: this.#takeOwn(payload) }));
    });
  }

  get place(): Place {
    return this.#place;
  }

  /** The name and the room the user is in, or away from. */
  get wish(): Wish | undefined {
    return this.#wish;
  }

  /**
   * Joins a room, out of the one before.
   *
   * @throws {ZapError} What the server refused it with; the user stays where they were.
   */
  async join(wish: Wish): Promise<void> {
    const { members } = await this.#client.request("chat:join", { ...wish, visit: this.#visit });
    this.#enter({ name: wish.name.trim(), room: wish.room.trim() }, members, "new");
  }

  /**
   * Says something.
   *
   * @throws {ZapError} What the server refused it with; nobody has heard it then.
   */
  async say(text: string): Promise<void> {
    const spoken = text.trim();
    this.#speaking.push(spoken);
    this.#typedAt = Number.NEGATIVE_INFINITY;
    try {
      await this.#client.request("chat:say", { text });
    } finally {
      const index = this.#speaking.indexOf(spoken);
      if (index !== -1) this.#speaking.splice(index, 1);
    }
  }

  /** Tells the others that the user is typing; now and then is enough. */
  typing(): void {
    const now = performance.now();
    if (this.#place !== "inside" || now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#client.send("chat:typing", {}, undefined, { volatile: true });
  }

  /** Leaves the room. That is what ending the connection means, so it ends, and another one begins. */
  async leave(): Promise<void> {
    this.#outside();
    this.#owner.left();
    await this.#client.close();
    await this.#client.connect();
  }

  /** Takes note that the connection was lost. */
  connectionLost(): void {
    if (this.#place !== "inside") return;
    this.#place = "away";
    this.#owner.lost();
  }

  /** Takes note that there is a connection: whoever was in a room goes back to it. */
  async connectionOpened(): Promise<void> {
    const wish = this.#wish;
    if (this.#place !== "away" || wish === undefined) return;
    try {
      const { members } = await this.#client.request("chat:join", { ...wish, visit: this.#visit });
      if (this.#wish === wish) this.#enter(wish, members, "back");
    } catch (error) {
      // When the connection went again, so will this be tried again.
      if (this.#wish !== wish || this.#client.getSnapshot().status !== "open") return;
      this.#outside();
      this.#owner.left(error);
    }
  }

  #enter(wish: Wish, members: readonly string[], how: "new" | "back"): void {
    this.#place = "inside";
    this.#wish = wish;
    this.#owner.entered(wish, members, how);
  }

  #outside(): void {
    this.#place = "outside";
    this.#wish = undefined;
  }

  #inside(tell: (wish: Wish) => void): void {
    if (this.#place === "inside" && this.#wish !== undefined) tell(this.#wish);
  }

  #takeOwn({ from, text }: Omit<Said, "mine">): boolean {
    const index = this.#speaking.indexOf(text);
    if (index === -1 || from !== this.#wish?.name) return false;
    this.#speaking.splice(index, 1);
    return true;
  }
}
