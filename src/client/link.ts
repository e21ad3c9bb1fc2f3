// Keeps a client connected: opens one socket after the other, watches it, and tries again when the policy says so.
// Knows no events but the control events.
import type { Clock } from "../protocol/clock.ts";
import { CloseCode, REASON_BYTES } from "../protocol/close-codes.ts";
import {
  AUTH,
  BEARER_PREFIX,
  DRAINING,
  encodeAuth,
  HELLO_TEXT,
  PING,
  PING_TEXT,
  PONG,
  PONG_TEXT,
  parseDraining,
  parseWelcome,
  WELCOME,
  WELCOME_TIMEOUT_MS,
  type Welcome,
} from "../protocol/control.ts";
import type { Envelope } from "../protocol/envelope.ts";
import { messageOf } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import { SUBPROTOCOL } from "../protocol/names.ts";
import { SHORTEST_DELAY_MS } from "./backoff.ts";
import type { ClientOptions, Report, Snapshot, Source } from "./client-types.ts";
import { browserEnvironment, type NetworkSignal } from "./environment.ts";
import { Liveness } from "./liveness.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { openSocket, type Socket, type SocketOwner, type WebSocketConstructor } from "./socket.ts";
import type { State } from "./state.ts";

const BAD_REASON = "bad envelope";

type LinkOptions = Omit<ClientOptions<unknown>, "contract">;

/** Who uses a link. */
export interface LinkOwner {
  /** The socket is open: what has waited may leave. */
  opened(socket: Socket): void;
  /** A frame came. */
  received(data: unknown, socket: Socket): void;
  /** The connection, or the attempt, is over. */
  lost(): void;
  /** And there will be no other. */
  ended(): void;
}

/** The connection of one client, over all its sockets. */
export class Link implements SocketOwner {
  readonly #url: Source<string | URL>;
  readonly #options: LinkOptions;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #state: State;
  readonly #owner: LinkOwner;
  readonly #report: Report;
  readonly #policy: RetryPolicy;
  #socket: Socket | undefined;
  /** Stands for the running attempt, so that what comes back from an earlier one is told apart. */
  #era: object = {};
  #cancelTimer: (() => void) | undefined;
  #stopEnvironment: (() => void) | undefined;
  #over: Promise<void> = Promise.resolve();
  #pingedAt = 0;
  #liveness: Liveness | undefined;
  /** What the server said of itself, if it is not a plain one. */
  welcome: Welcome | undefined;

  constructor(
    url: Source<string | URL>,
    options: LinkOptions,
    limits: Limits,
    clock: Clock,
    state: State,
    report: Report,
    owner: LinkOwner,
  ) {
    this.#url = url;
    this.#options = options;
    this.#limits = limits;
    this.#clock = clock;
    this.#state = state;
    this.#owner = owner;
    this.#report = report;
    this.#policy = new RetryPolicy(options, report);
  }

  /** The open socket. */
  get socket(): Socket | undefined {
    return this.#state.snapshot.status === "open" && this.#socket?.buffered() !== undefined ? this.#socket : undefined;
  }

  /** Begins to connect, unless it has begun. */
  open(): void {
    const { status } = this.#state.snapshot;
    if (status !== "idle" && status !== "closed") return;
    this.#stopEnvironment = (this.#options.environment ?? browserEnvironment)((signal) => this.#signal(signal));
    this.#dial(0);
  }

  /** Worth trying now: dials soon where it would wait, asks at once where it is open. */
  wake(): void {
    const { status, retryAt = Number.POSITIVE_INFINITY } = this.#state.snapshot;
    if (status === "open") this.#liveness?.probe();
    if (status === "offline" || (status === "waiting" && retryAt > this.#clock.now() + SHORTEST_DELAY_MS)) {
      this.#wait(SHORTEST_DELAY_MS);
    }
  }

  /** Ends it. Resolves when the socket has closed, or has had its time to. */
  close(code: number, reason: string): Promise<void> {
    const left = this.#socket?.leave(code, reason);
    if (left !== undefined) {
      this.#over = new Promise((resolve) => {
        const cancel = this.#clock.after(this.#limits.closeMs, resolve);
        left.then(() => {
          cancel();
          resolve();
        });
      });
    }
    if (this.#state.snapshot.status !== "closed") this.#finish(code, reason);
    return this.#over;
  }

  /** Closes the connection for what the server sent. */
  refuse(): void {
    this.#socket?.leave(CloseCode.badEnvelope, BAD_REASON);
    this.closed(CloseCode.badEnvelope, BAD_REASON);
  }

  /** Gets a new token and tells the server. */
  async renewToken(): Promise<void> {
    const { socket, welcome } = this;
    if (welcome === undefined) return;
    try {
      const token = await ask(this.#options.token);
      if (token !== undefined && socket === this.socket) socket?.send(encodeAuth(token));
    } catch (error) {
      this.#report(error, AUTH);
    }
  }

  /** Takes a control event. Those of later versions are passed over. */
  control({ eventName, payload }: Envelope): void {
    const { since } = this.#state.snapshot;
    const now = this.#clock.now();
    if (eventName === PING) this.socket?.send(PONG_TEXT);
    else if (eventName === PONG) this.#state.change({ latency: now - this.#pingedAt });
    else if (eventName === AUTH) this.renewToken();
    else if (eventName === DRAINING) this.#policy.windowMs = parseDraining(payload).windowMs;
    else if (eventName === WELCOME && this.welcome === undefined && now - since <= WELCOME_TIMEOUT_MS) {
      this.welcome = parseWelcome(payload);
      this.#liveness = new Liveness({
        clock: this.#clock,
        idleMs: this.welcome.heartbeatMs ?? this.#limits.heartbeatMs,
        timeoutMs: this.#limits.heartbeatTimeoutMs,
        ping: () => {
          this.#pingedAt = this.#clock.now();
          this.socket?.send(PING_TEXT);
        },
        dead: () => this.closed(CloseCode.abnormal, "no sign of life"),
      });
      // The hello left when the socket opened, and this is the answer to it.
      this.#state.change({ latency: now - since });
    }
  }

  // ---- called by the socket ----

  opened(): void {
    this.#cancelTimer?.();
    const socket = this.#socket;
    if (socket === undefined) return;
    socket.send(HELLO_TEXT);
    this.#owner.opened(socket);
    this.#state.change({ status: "open", queued: 0 });
  }

  received(data: unknown): void {
    this.#liveness?.heard();
    if (this.#socket !== undefined) this.#owner.received(data, this.#socket);
  }

  closed(code: number, reason: string): void {
    const attempt = this.#release();
    const era = this.#era;
    const lastClose = { code, reason: reason.slice(0, REASON_BYTES) };
    const delay = this.#policy.delayAfter(lastClose, attempt);
    // The policy asks the application, which may have closed the client.
    if (era !== this.#era) return;
    if (delay === undefined) this.#finish(code, lastClose.reason);
    else this.#wait(delay, { attempt, lastClose });
  }

  // ---- inside ----

  async #dial(attempt: number): Promise<void> {
    const era = {};
    this.#era = era;
    const {
      WebSocket = globalThis.WebSocket as WebSocketConstructor,
      token: source,
      connectMs = 10_000,
    } = this.#options;
    this.#after(connectMs, () => this.closed(CloseCode.abnormal, "connecting took too long"));
    this.#state.change({ status: "connecting", attempt, retryAt: undefined });
    try {
      const [url, token] = await Promise.all([ask(this.#url), ask(source)]);
      if (era !== this.#era) return;
      try {
        this.#socket = openSocket(WebSocket, String(url), protocolsOf(token), this);
      } catch (error) {
        // No attempt will do better with this address.
        this.#report(error, "connect");
        this.#finish(CloseCode.abnormal, messageOf(error));
      }
    } catch (error) {
      if (era !== this.#era) return;
      this.#report(error, "connect");
      this.closed(CloseCode.abnormal, "");
    }
  }

  #wait(delay: number, changes: Partial<Snapshot> = {}): void {
    this.#after(delay, () => this.#dial(this.#state.snapshot.attempt + 1));
    this.#state.change({ status: "waiting", retryAt: this.#clock.now() + delay, ...changes });
  }

  #finish(code: number, reason: string): void {
    this.#release();
    this.#stopEnvironment?.();
    this.#owner.ended();
    this.#state.change({ status: "closed", retryAt: undefined, lastClose: { code, reason }, queued: 0 });
  }

  #signal(signal: NetworkSignal): void {
    if (signal === "online") this.wake();
    else if (this.#state.snapshot.status !== "offline") {
      const attempt = this.#release();
      const lastClose = { code: CloseCode.abnormal, reason: signal };
      this.#state.change({ status: signal, attempt, retryAt: undefined, lastClose });
    }
  }

  /** Lets go of the socket and everything about it. @returns Attempts since the connection was last stable. */
  #release(): number {
    const { status, since, attempt } = this.#state.snapshot;
    this.#era = {};
    this.#cancelTimer?.();
    this.#liveness?.stop();
    this.#liveness = undefined;
    this.welcome = undefined;
    this.#socket?.leave();
    this.#socket = undefined;
    this.#owner.lost();
    return status === "open" && this.#policy.wasStable(this.#clock.now() - since) ? 0 : attempt;
  }

  #after(delay: number, callback: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(delay, callback);
  }
}

function ask<T>(source: Source<T>): T | Promise<T> {
  return typeof source === "function" ? (source as () => T | Promise<T>)() : source;
}

/** What is offered to the server. Nothing without a token: browsers refuse a server that does not answer an offer. */
function protocolsOf(token: string | undefined): string[] | undefined {
  if (token === undefined) return undefined;
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(token)));
  const base64url = base64.replace(/[+/=]/g, (character) => ({ "+": "-", "/": "_" })[character] ?? "");
  return [SUBPROTOCOL, BEARER_PREFIX + base64url];
}
