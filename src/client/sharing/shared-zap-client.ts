// The client whose connection all tabs share: a client like any other, over the connection of the tab that leads.
import type { AnyContract, Untyped } from "../../protocol/contract-types.ts";
import { brief } from "../../protocol/errors.ts";
import { clientLimits } from "../client-limits.ts";
import type { ClientOptions, Source } from "../client-types.ts";
import { browserEnvironment } from "../environment.ts";
import { wallClock } from "../wall-clock.ts";
import { ZapClient } from "../zap-client.ts";
import { browserTabs } from "./browser-tabs.ts";
import { createShare, type Share } from "./share.ts";
import type { Tabs } from "./tabs.ts";

/** A client's options, and with whom it shares. */
export interface SharedClientOptions<C> extends ClientOptions<C> {
  /**
   * Tabs with the same name share a connection. Name the user where tabs can be logged in as different ones. Default:
   * the URL; where that is a function, a name is needed.
   */
  readonly name?: string;
  /** How tabs find each other. Default: Web Locks and a BroadcastChannel, where there are both; `undefined`: not at all. */
  readonly tabs?: Tabs | undefined;
}

/** `leader`: this tab has the connection. `follower`: another has it. `alone`: tabs cannot share here. */
export type SharingRole = "leader" | "follower" | "alone";

/** Makes clients that share their connection. */
export interface SharedZapClientConstructor {
  /**
   * @param url - The server's WebSocket address; a function is asked on every attempt.
   * @throws {ZapError} `invalid_limit`, or `invalid_argument` where `url` is a function and there is no name.
   */
  new <C extends AnyContract = Untyped>(
    url: Source<string | URL>,
    options?: SharedClientOptions<C>,
  ): SharedZapClient<C>;
}

/**
 * A client whose connection is shared by all tabs of the browser. Use it like a {@link ZapClient}; it is one.
 *
 * - Every event of the server comes to all tabs; a request of the server is answered by the tab that leads.
 * - What waits for a connection waits in its own tab, and outlives the tab that leads.
 * - For the other tabs the end of the leading one is what the loss of its connection is to any client: they reconnect,
 *   by a tab that leads then, and requests under way fail with `disconnected`.
 * - In a tab that does not lead, `send` resolves to `sent` when the leading tab has handed the event to its socket. If
 *   that tab says goodbye first, the next one sends the event. If it dies without a word, the event may have left or not: it
 *   is not sent again, and `send` rejects with `disconnected`.
 *
 * @example
 * const client = new SharedZapClient<typeof chat>("wss://example.com/ws");
 * await client.connect();
 */
export interface SharedZapClient<C extends AnyContract = Untyped> extends ZapClient<C> {
  /** Who has the connection, as of now. */
  readonly role: SharingRole;
}

class SharedClientOfParts extends ZapClient<Untyped> {
  readonly #share: Share | undefined;

  constructor(url: Source<string | URL>, options: SharedClientOptions<Untyped> = {}) {
    const share = shareOf(url, options);
    super(
      url,
      share === undefined ? options : { ...options, environment: share.environment, WebSocket: share.WebSocket },
    );
    this.#share = share;
    const { send } = this;
    if (share === undefined) return;
    this.send = (eventName, ...rest) => {
      const [, , { volatile = false } = {}] = rest;
      return share.outcomeOf(() => send(eventName, ...rest), eventName, volatile);
    };
  }

  get role(): SharingRole {
    if (this.#share === undefined) return "alone";
    return this.#share.leads() ? "leader" : "follower";
  }
}

function shareOf(url: Source<string | URL>, options: SharedClientOptions<Untyped>): Share | undefined {
  const { name = typeof url === "function" ? undefined : String(url) } = options;
  if (name === undefined) throw brief("invalid_argument", "name");
  const tabs = "tabs" in options ? options.tabs : browserTabs(`zaptools:1:${name}`);
  if (tabs === undefined) return undefined;
  const { WebSocket = globalThis.WebSocket, environment = browserEnvironment, clock = wallClock } = options;
  const { random = Math.random, onError = console.error } = options;
  return createShare({ tabs, WebSocket, environment, clock, random, onError, limits: clientLimits(options.limits) });
}

/** See {@link SharedZapClient}. */
export const SharedZapClient: SharedZapClientConstructor = SharedClientOfParts as unknown as SharedZapClientConstructor;
