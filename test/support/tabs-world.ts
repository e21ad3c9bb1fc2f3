// A browser with tabs whose clients share a connection, and their server, for a model-based test: what can happen to
// them, and what must hold whatever happens. Time is simulated; nothing here decides what happens next.
import type { NetworkSignal } from "../../src/client/environment.ts";
import { SharedZapClient } from "../../src/client/sharing/shared-zap-client.ts";
import { encodeWelcome, HELLO, PING, PONG_TEXT } from "../../src/protocol/control.ts";
import { checkTab, checkTabAtEnd, hold, type Manners, noteSent, type OpenTab, type Sent } from "./open-tab.ts";
import { SimulatedNetwork, type SimulatedSocket } from "./simulated-network.ts";
import { SimulatedTab } from "./simulated-tab.ts";
import { SimulatedTabs } from "./simulated-tabs.ts";
import { SleepingClock } from "./sleeping-clock.ts";

const MOST_TABS = 4;

/** Everything there is in one run. */
export class TabsWorld {
  readonly clock = new SleepingClock();
  readonly #random: () => number;
  readonly #network = new SimulatedNetwork();
  readonly #tabs: SimulatedTabs;
  readonly #open: OpenTab[] = [];
  readonly #gone: OpenTab[] = [];
  server: "up" | "down" = "up";
  #names = 0;
  #news = 0;
  /** The names of tabs that have led. */
  readonly leaders = new Set<number>();
  /** Whether every tab that led has had the time to say goodbye. */
  manners: Manners = "good";
  #violated: string | undefined;

  constructor(random: () => number) {
    this.#random = random;
    this.#tabs = new SimulatedTabs(this.clock, () => Math.floor(random() * 30));
    this.#network.onDial = (socket) => this.#dialled(socket);
  }

  // ---- what can happen ----

  open(): void {
    if (this.#open.length >= MOST_TABS) return;
    const tab = new SimulatedTab(this.clock, this.#network);
    const sent: Sent[] = [];
    const handled: number[] = [];
    const client = new SharedZapClient("wss://server/ws", {
      WebSocket: tab.WebSocket,
      clock: tab.clock,
      random: this.#random,
      tabs: this.#tabs.seenFrom(tab),
      environment: (listener) => {
        one.signal = listener;
        return () => {
          one.signal = undefined;
        };
      },
      onError: (error, about) => {
        const failed = sent[Number(about.split(":")[2])];
        if (failed === undefined) this.#violated ??= `an error about ${about}: ${error}`;
        else failed.reported++;
      },
    });
    client.onEvent("news", ({ payload }) => handled.push(Number(payload)));
    client.onEvent("who", () => name);
    const name = ++this.#names;
    const one: OpenTab = { name, tab, client, sent, handled, closed: "never", rested: "never", signal: undefined };
    this.#open.push(one);
    client.connect();
  }

  close(index: number): void {
    const one = this.#running(index);
    if (one === undefined) return;
    one.closed = "once";
    one.client.close();
  }

  connect(index: number): void {
    this.#running(index)?.client.connect();
  }

  crash(index: number): void {
    const one = this.#open[index];
    if (one === undefined) return;
    this.manners = "bad";
    this.#open.splice(index, 1);
    this.#gone.push(one);
    one.tab.die();
    this.#tabs.died(one.tab);
  }

  /** The tab goes into the back-forward cache and comes back. */
  rest(index: number): void {
    const one = this.#running(index);
    if (one === undefined) return;
    one.rested = "once";
    this.#tabs.rest(one.tab);
  }

  freeze(index: number): void {
    this.manners = "bad";
    this.#open[index]?.tab.freeze();
  }

  async thaw(index: number): Promise<void> {
    await this.#open[index]?.tab.thaw();
  }

  signal(index: number, signal: NetworkSignal): void {
    this.#running(index)?.signal?.(signal);
  }

  send(index: number, volatile = false): void {
    const one = this.#running(index);
    if (one === undefined) return;
    const sent = noteSent(one, "event");
    const settle = (outcome: Sent["outcome"]) => {
      sent.outcome = outcome;
      sent.settled++;
    };
    const name = `e:${one.name}:${sent.number}`;
    one.client.send(name, null, {}, { volatile }).then(settle, () => settle("failed"));
  }

  request(index: number): void {
    const one = this.#running(index);
    if (one === undefined) return;
    const sent = noteSent(one, "request");
    const settle = (outcome: Sent["outcome"]) => () => {
      sent.outcome = outcome;
      sent.settled++;
    };
    const name = `r:${one.name}:${sent.number}`;
    const answered = one.client.request(name).then((payload) => {
      if (payload !== name) this.#violated ??= `${name} was answered with ${payload}`;
    });
    answered.then(settle("answered"), settle("failed"));
  }

  news(): void {
    const number = ++this.#news;
    for (const socket of this.#live()) socket.sayEvent("news", number);
  }

  drop(code: number): void {
    for (const socket of this.#live()) socket.end(code, "model");
  }

  /** Another script of the origin speaks on the channel. */
  intrude(note: unknown): void {
    this.#tabs.intrude(note);
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  // ---- what must hold ----

  /** Whatever has happened. */
  check(): void {
    hold(this.#violated === undefined, this.#violated ?? "");
    for (const { name, client, tab } of this.#open)
      if (client.role === "leader" && tab.state !== "dead") this.leaders.add(name);
    const awake = this.#open.filter(({ tab }) => tab.state === "running");
    const connections = awake.flatMap(({ tab }) => tab.sockets).filter(({ link }) => link === "open");
    hold(connections.length <= 1 || this.#isStealing(), `one connection at most, not ${connections.length}`);
    for (const one of [...this.#open, ...this.#gone]) checkTab(one, this.manners);
  }

  /** When everything is well again, and long enough has passed. */
  async checkEnd(): Promise<void> {
    this.server = "up";
    for (const [index, { tab }] of this.#open.entries()) {
      await tab.thaw();
      this.signal(index, "online");
    }
    await this.advance(120_000);
    this.check();
    for (const one of this.#open) checkTabAtEnd(one);
    await this.#checkWell();
    if (this.manners === "bad") {
      await this.#checkAfter((leader) => this.freeze(leader), 45_000);
      for (const { tab } of this.#open) await tab.thaw();
      await this.advance(5_000);
      await this.#checkWell();
      await this.#checkAfter((leader) => this.crash(leader), 4_500);
    }
    await this.#checkAfter((leader) => this.close(leader), 2_500);
    for (const { client } of this.#open) client.close();
    await this.advance(30_000);
    hold(this.#live().length === 0 && this.#tabs.holder === undefined, "nothing is left");
    hold(this.clock.timers === 0, "no timer stays");
  }

  /** Something happens to the leader: after `ms`, another leads. */
  async #checkAfter(happen: (leader: number) => void, ms: number): Promise<void> {
    const leader = this.#open.findIndex(({ client }) => client.role === "leader");
    if (leader < 0) return;
    for (const [index] of this.#open.entries()) this.send(index);
    happen(leader);
    await this.advance(ms);
    await this.#checkWell();
  }

  /** All that want to be are connected, by one of them. */
  async #checkWell(): Promise<void> {
    const awake = this.#open.filter(({ tab }) => tab.state === "running");
    const wanted = awake.filter(({ client }) => client.getSnapshot().status !== "closed");
    const leaders = wanted.filter(({ client }) => client.role === "leader");
    hold(leaders.length === Math.min(1, wanted.length), `exactly one leads, not ${leaders.length}`);
    const connections = awake.flatMap(({ tab }) => tab.sockets).filter(({ link }) => link === "open");
    hold(connections.length === Math.min(1, wanted.length), "there is exactly one connection");
    for (const [index] of this.#open.entries()) {
      this.send(index);
      this.request(index);
    }
    this.news();
    await this.advance(1_000);
    for (const one of wanted) {
      hold(one.handled.at(-1) === this.#news, `tab ${one.name} hears the news`);
      hold(one.sent.at(-2)?.outcome === "sent", `tab ${one.name} is heard`);
      hold(one.sent.at(-1)?.outcome === "answered", `tab ${one.name} is answered`);
    }
    this.check();
  }

  /** While a lock is being taken away, its holder does not know yet. */
  #isStealing(): boolean {
    return this.#open.filter(({ client, tab }) => client.role === "leader" && tab.state === "running").length > 1;
  }

  #running(index: number): OpenTab | undefined {
    const one = this.#open[index];
    return one?.tab.state === "running" ? one : undefined;
  }

  #live(): SimulatedSocket[] {
    return this.#network.sockets.filter(({ link }) => link === "open");
  }

  #dialled(socket: SimulatedSocket): void {
    socket.onSend = (text) => {
      if (socket.link === "open") this.#arrived(socket, text);
    };
    const answer = () => {
      if (socket.link !== "connecting") return;
      if (this.server === "up") socket.accept();
      else socket.end();
    };
    this.clock.after(Math.floor(this.#random() * 200), answer);
  }

  #arrived(socket: SimulatedSocket, text: string): void {
    const { eventName, headers }: { eventName: string; headers?: { zap?: { id?: string } } } = JSON.parse(text);
    const later = (say: () => void) => this.clock.after(Math.floor(this.#random() * 200), say);
    if (eventName === HELLO) {
      later(() => socket.say(encodeWelcome({ id: "zpt-1", heartbeatMs: 25_000, envelopeBytes: 65_536, features: [] })));
    }
    if (eventName === PING) later(() => socket.say(PONG_TEXT));
    if (eventName.startsWith("zap:")) return;
    const [kind, name, number] = eventName.split(":");
    const tab = [...this.#open, ...this.#gone].find((one) => one.name === Number(name));
    const one = tab?.sent[Number(number)];
    if (tab === undefined || one === undefined) {
      this.#violated ??= `nobody sent ${eventName}`;
      return;
    }
    one.arrived++;
    const isLast = tab.sent.slice(one.number + 1).every((later) => later.arrived === 0 || later.kind !== one.kind);
    if (!isLast) this.#violated ??= `${eventName} has arrived after a later one`;
    if (kind === "r") later(() => socket.sayEvent(eventName, eventName, { zap: { re: headers?.zap?.id } }));
  }
}
