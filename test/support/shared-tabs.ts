// Simulated tabs whose clients share a connection, for tests of one thing at a time. The server is in the test's hands.
import { expect } from "vitest";
import type { NetworkSignal } from "../../src/client/environment.ts";
import { type SharedClientOptions, SharedZapClient } from "../../src/client/sharing/shared-zap-client.ts";
import { encodeWelcome } from "../../src/protocol/control.ts";
import { SimulatedNetwork, type SimulatedSocket } from "./simulated-network.ts";
import { SimulatedTab } from "./simulated-tab.ts";
import { SimulatedTabs } from "./simulated-tabs.ts";
import { SleepingClock } from "./sleeping-clock.ts";

export const SHARED_URL = "wss://server/ws";

const WELCOME = encodeWelcome({ id: "zpt-1", heartbeatMs: 600_000, envelopeBytes: 300, features: ["draining"] });

/** A tab and its client. */
export interface Opened {
  readonly client: SharedZapClient;
  readonly tab: SimulatedTab;
  /** What `onError` was told. */
  readonly errors: string[];
  signal: (signal: NetworkSignal) => void;
}

/** A browser, and the network it is on. */
export interface SharedTabs {
  readonly clock: SleepingClock;
  readonly network: SimulatedNetwork;
  readonly tabs: SimulatedTabs;
  /** Milliseconds from one tab to another. */
  readonly delays: { note: number; lock: number };
  /** A tab whose client wants to be connected. */
  open(options?: Pick<SharedClientOptions<never>, "tabs" | "random">): Opened;
  /** A leader whose connection is open, and a follower. */
  two(): Promise<{ leader: Opened; follower: Opened; socket: SimulatedSocket }>;
}

/** A browser without a tab. */
export function sharedTabs(): SharedTabs {
  const delays = { note: 5, lock: 5 };
  const clock = new SleepingClock();
  const network = new SimulatedNetwork();
  const tabs = new SimulatedTabs(clock, (of) => delays[of]);

  const open: SharedTabs["open"] = (options = {}) => {
    const tab = new SimulatedTab(clock, network);
    const errors: string[] = [];
    const opened: Opened = {
      tab,
      errors,
      signal: () => {},
      client: new SharedZapClient(SHARED_URL, {
        WebSocket: tab.WebSocket,
        clock: tab.clock,
        random: () => 0,
        tabs: tabs.seenFrom(tab),
        environment: (listener) => {
          opened.signal = listener;
          return () => {};
        },
        onError: (error, about) => errors.push(`${about}: ${error}`),
        ...options,
      }),
    };
    opened.client.connect();
    return opened;
  };

  const two: SharedTabs["two"] = async () => {
    const leader = open();
    const follower = open();
    await clock.advance(100);
    const socket = network.last;
    socket.accept();
    socket.say(WELCOME);
    await clock.advance(300);
    expect([leader.client.role, follower.client.role]).toEqual(["leader", "follower"]);
    expect(follower.client.getSnapshot().status).toBe("open");
    return { leader, follower, socket };
  };

  return { clock, network, tabs, delays, open, two };
}

/** The events that have arrived at the server, without those of the toolkit. */
export function said(socket: SimulatedSocket): string[] {
  return socket.events.filter(({ eventName }) => !eventName.startsWith("zap:")).map(({ eventName }) => eventName);
}
