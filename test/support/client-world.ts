// A client, a server and the network between them, for a model-based test: what can happen to them, and what must hold
// whatever happens. Time is simulated; nothing here decides what happens next.
import type { ClientStatus } from "../../src/client/client-types.ts";
import type { NetworkSignal } from "../../src/client/environment.ts";
import { ZapClient } from "../../src/client/zap-client.ts";
import type { Clock } from "../../src/protocol/clock.ts";
import { afterClose } from "../../src/protocol/close-codes.ts";
import { encodeDraining, encodeWelcome, HELLO, PING, PONG_TEXT } from "../../src/protocol/control.ts";
import { SimulatedNetwork, type SimulatedSocket } from "./simulated-network.ts";
import { SleepingClock } from "./sleeping-clock.ts";

const HEARTBEAT_MS = 25_000;
const HEARTBEAT_TIMEOUT_MS = 10_000;
const SHORTEST_DELAY_MS = 100;
const STEP_MS = 5_000;
const ROUNDING_MS = 0.001;
const QUEUE_LIMIT = 4;

/** `refusing`: attempts fail at once. `silent`: they get no answer. */
export type ServerMode = "welcoming" | "plain" | "refusing" | "silent";

interface Asked {
  readonly number: number;
  /** The connection it left by. */
  sentBy?: SimulatedSocket;
  settledAs: "waiting" | "answered" | "failed";
  settledCount: number;
}

/** Counts the timers that are set through it. */
class CountingClock implements Clock {
  readonly #clock: Clock;
  timers = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly now = (): number => this.#clock.now();

  readonly after = (delay: number, callback: () => void): (() => void) => {
    let state = "set" as "set" | "over";
    const end = () => {
      if (state === "set") this.timers--;
      state = "over";
    };
    this.timers++;
    const cancel = this.#clock.after(delay, () => {
      end();
      callback();
    });
    return () => {
      end();
      cancel();
    };
  };
}

/** Everything there is in one run. */
export class ClientWorld {
  readonly clock = new SleepingClock();
  readonly #clientClock = new CountingClock(this.clock);
  readonly #network = new SimulatedNetwork();
  readonly client: ZapClient;
  server: ServerMode = "welcoming";
  #signal: ((signal: NetworkSignal) => void) | undefined;
  /** What was said to the client by each connection, and what its handler got. */
  #said = 0;
  readonly #handled: number[] = [];
  #sent = 0;
  readonly #dropped = new Set<number>();
  readonly #arrived: number[] = [];
  readonly #asked: Asked[] = [];
  /** Since when the client could have known that its open connection is gone. */
  #deadSince: number | undefined;
  #lastDial = Number.NEGATIVE_INFINITY;
  /** Whether the user's own call may make the next attempt come sooner. */
  #dialling: "by itself" | "by request" = "by itself";
  readonly statuses: ClientStatus[] = [];
  /** The first rule that was broken where throwing would have ended in the client. */
  #violated: string | undefined;

  constructor(random: () => number, overflow: "throw" | "drop-oldest" | "drop-newest") {
    this.#network.onDial = (socket) => this.#dialled(socket);
    this.client = new ZapClient("wss://server/ws", {
      WebSocket: this.#network.WebSocket,
      clock: this.#clientClock,
      random,
      queueLimit: QUEUE_LIMIT,
      overflow,
      token: async () => "token",
      environment: (listener) => {
        this.#signal = listener;
        return () => {
          this.#signal = undefined;
        };
      },
      onError: () => {},
    });
    this.client.onEvent("news", ({ payload }) => this.#handled.push(Number(payload)));
    this.client.onStateChange((status) => this.statuses.push(status));
  }

  /** The socket the client has now, if one. */
  get #socket(): SimulatedSocket | undefined {
    const last = this.#network.sockets.at(-1);
    return last === undefined || last.readyState > 1 ? undefined : last;
  }

  // ---- what can happen ----

  connect(): void {
    this.#dialling = "by request";
    this.client.connect();
  }

  async close(): Promise<void> {
    this.client.close();
  }

  send(volatile: boolean): void {
    const number = ++this.#sent;
    const note = () => void this.#dropped.add(number);
    this.client.send("say", number, {}, { volatile }).then((outcome) => outcome === "dropped" && note(), note);
  }

  request(timeout: number): void {
    const asked: Asked = { number: this.#asked.length, settledAs: "waiting", settledCount: 0 };
    this.#asked.push(asked);
    const settle = (as: "answered" | "failed") => () => {
      asked.settledAs = as;
      asked.settledCount++;
    };
    this.client.request("ask", asked.number, { timeout }).then(settle("answered"), settle("failed"));
  }

  news(): void {
    for (const socket of this.#network.sockets) {
      if (socket.link === "open") socket.sayEvent("news", ++this.#said);
      // On its way when this end began to close: nobody may hear of it.
      else if (socket.link === "closing") socket.sayEvent("news", 0);
    }
  }

  drop(): void {
    this.#socket?.end();
  }

  halfOpen(): void {
    const socket = this.#socket;
    if (socket?.link !== "open") return;
    socket.link = "half-open";
    this.#deadSince = this.clock.now();
  }

  serverClose(code: number): void {
    const socket = this.#socket;
    if (socket?.link !== "open") return;
    socket.end(code, "model");
    const stays = afterClose(code) === "stay";
    hold((this.client.getSnapshot().status === "closed") === stays || code === 4401, `the table says of ${code}`);
  }

  drain(windowMs: number): void {
    this.#socket?.say(encodeDraining({ windowMs }));
    this.serverClose(1012);
  }

  signal(signal: NetworkSignal): void {
    this.#signal?.(signal);
  }

  tryReconnect(): void {
    const { status } = this.client.getSnapshot();
    if (status === "idle" || status === "closed") this.#dialling = "by request";
    this.client.tryReconnect();
  }

  async sleep(ms: number): Promise<void> {
    if (this.#deadSince !== undefined) this.#deadSince = this.clock.now() + ms;
    await this.clock.sleep(ms);
  }

  /** Time passes in steps, and what must hold is looked at after each. */
  async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await this.clock.advance(Math.min(STEP_MS, left));
      this.check();
    }
  }

  // ---- what must hold ----

  /** Whatever has happened. */
  check(): void {
    hold(this.#violated === undefined, this.#violated ?? "");
    const { status, retryAt, queued } = this.client.getSnapshot();
    hold(queued <= QUEUE_LIMIT, "the queue is bounded");
    hold((retryAt !== undefined) === (status === "waiting"), "retryAt is there while waiting");
    hold(status !== "closed" || queued === 0, "nothing waits in a closed client");
    const waiting = this.#asked.filter(({ settledAs }) => settledAs === "waiting").length;
    const closing = this.#network.sockets.filter(({ link }) => link === "closing").length;
    hold(this.#clientClock.timers <= 1 + waiting + closing, "timers are bounded");
    const live = this.#network.sockets.filter(({ readyState }) => readyState <= 1).length;
    hold(live <= (status === "open" || status === "connecting" ? 1 : 0), `one connection at most while ${status}`);
    hold(isAscending(this.#handled), "each event is handled once, in order");
    hold(isAscending(this.#arrived), "each event arrives once at most, in order");
    hold(!this.#arrived.some((number) => this.#dropped.has(number)), "what is dropped is dropped");
    hold(!this.#asked.some(({ settledCount }) => settledCount > 1), "no request is settled twice");
    const lost = this.#asked.filter(({ sentBy, settledAs }) => settledAs === "waiting" && sentBy !== undefined);
    hold(!lost.some(({ sentBy }) => sentBy !== this.#socket), "a request fails with the connection it left by");
    this.#checkLiveness(status);
  }

  /** When everything is well again, and long enough has passed. */
  async checkEnd(): Promise<void> {
    this.server = "welcoming";
    const { status } = this.client.getSnapshot();
    this.signal("online");
    await this.advance(60_000 + HEARTBEAT_MS + 2 * HEARTBEAT_TIMEOUT_MS);
    const end = this.client.getSnapshot().status;
    hold(end === (status === "closed" ? status : "open"), `it comes back from ${status}, but is ${end}`);
    hold(!this.#asked.some(({ settledCount }) => settledCount !== 1), "each request is settled exactly once");
    this.client.close();
    await this.advance(5_000);
    hold(this.#clientClock.timers === 0, "no timer stays");
    hold(this.#signal === undefined, "nobody listens to the network");
    const dials = this.#network.sockets.length;
    await this.clock.advance(100_000);
    hold(this.#network.sockets.length === dials, "a closed client stays closed");
  }

  #checkLiveness(status: ClientStatus): void {
    const socket = this.#socket;
    if (socket?.link !== "half-open") this.#deadSince = undefined;
    if (this.#deadSince === undefined || status !== "open" || this.client.features.size === 0) return;
    const wrongFor = this.clock.now() - this.#deadSince;
    hold(wrongFor <= HEARTBEAT_MS + HEARTBEAT_TIMEOUT_MS + STEP_MS, "the state is not wrong for longer than the bound");
  }

  #expect(condition: boolean, rule: string): void {
    if (!condition) this.#violated ??= rule;
  }

  #dialled(socket: SimulatedSocket): void {
    const now = this.clock.now();
    if (this.#dialling === "by itself") {
      this.#expect(now - this.#lastDial >= SHORTEST_DELAY_MS - ROUNDING_MS, "no attempt without delay");
    }
    this.#dialling = "by itself";
    this.#lastDial = now;
    socket.onSend = (text) => this.#serve(socket, text);
    if (this.server === "refusing") queueMicrotask(() => socket.end());
    else if (this.server !== "silent") queueMicrotask(() => socket.readyState === 0 && socket.accept());
  }

  #serve(socket: SimulatedSocket, text: string): void {
    const { eventName, payload, headers } = JSON.parse(text);
    if (eventName === "ask") {
      const asked = this.#asked[payload];
      this.#expect(asked?.settledAs === "waiting", "a request that has failed is never sent");
      this.#expect(asked?.sentBy === undefined, "a request is sent once");
      if (asked !== undefined) asked.sentBy = socket;
    }
    if (socket.link !== "open") return;
    const answer = (reply: string) => this.clock.after(5, () => socket.say(reply));
    if (eventName === "say") this.#arrived.push(payload);
    else if (eventName === "ask" && payload % 3 !== 0) {
      answer(JSON.stringify({ eventName: "ask", payload, headers: { zap: { re: headers.zap.id } } }));
    } else if (eventName === HELLO && this.server === "welcoming") {
      answer(encodeWelcome({ id: "zpt", heartbeatMs: HEARTBEAT_MS, envelopeBytes: undefined, features: ["draining"] }));
    } else if (eventName === PING) answer(PONG_TEXT);
  }
}

function hold(condition: boolean, rule: string): void {
  if (!condition) throw new Error(`does not hold: ${rule}`);
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => number > (numbers[index - 1] ?? 0));
}
