// A client on a simulated network, with the clock, the randomness and the network signals in the hands of a test.
import type { ClientOptions, Source } from "../../src/client/client-types.ts";
import type { NetworkSignal } from "../../src/client/environment.ts";
import { ZapClient } from "../../src/client/zap-client.ts";
import type { ContractShape } from "../../src/protocol/contract.ts";
import type { Untyped } from "../../src/protocol/contract-types.ts";
import { encodeWelcome } from "../../src/protocol/control.ts";
import { SimulatedNetwork, type SimulatedSocket } from "./simulated-network.ts";
import { SleepingClock, settled } from "./sleeping-clock.ts";

/** A client, and everything around it. */
export interface SimulatedClient {
  readonly client: ZapClient;
  readonly network: SimulatedNetwork;
  readonly clock: SleepingClock;
  /** What `onError` was told. */
  readonly errors: { error: unknown; about: string }[];
  /** Every status it had, in order. */
  readonly statuses: string[];
  /** What the next delay is multiplied with. */
  random: number;
  /** How many listen to the network's signals. */
  readonly watchers: number;
  signal(signal: NetworkSignal): void;
  /** Has the client connect, and the server accept and, unless it is a plain one, welcome it. */
  open(server?: "welcoming" | "plain"): Promise<SimulatedSocket>;
  /** Accepts the attempt that is going on. */
  accept(server?: "welcoming" | "plain"): Promise<SimulatedSocket>;
}

/** The options of the client, its address, and any contract: types do not matter here. */
export interface SimulationOptions extends Omit<ClientOptions<Untyped>, "contract"> {
  readonly url?: Source<string | URL>;
  readonly contract?: ContractShape;
}

/** A client that has done nothing yet. */
export function simulateClient(options: SimulationOptions = {}): SimulatedClient {
  const network = new SimulatedNetwork();
  const clock = new SleepingClock();
  const errors: SimulatedClient["errors"] = [];
  const listeners = new Set<(signal: NetworkSignal) => void>();
  const { url = "wss://server/ws", contract, ...given } = options;
  const client = new ZapClient(url, {
    WebSocket: network.WebSocket,
    clock,
    random: () => simulated.random,
    environment: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onError: (error, about) => errors.push({ error, about }),
    ...(contract === undefined ? {} : { contract: contract as ContractShape & Untyped }),
    ...given,
  });
  const statuses: string[] = [client.getSnapshot().status];
  client.onStateChange((status) => statuses.push(status));
  const simulated: SimulatedClient = {
    client,
    network,
    clock,
    errors,
    statuses,
    random: 1,
    get watchers() {
      return listeners.size;
    },
    signal(signal) {
      for (const listener of [...listeners]) listener(signal);
    },
    async open(server = "welcoming") {
      client.connect();
      await settled();
      return simulated.accept(server);
    },
    async accept(server = "welcoming") {
      const socket = network.last;
      socket.accept();
      if (server === "welcoming") {
        socket.say(encodeWelcome({ id: "zpt-1", heartbeatMs: 25_000, envelopeBytes: 65_536, features: ["draining"] }));
      }
      await settled();
      return socket;
    },
  };
  return simulated;
}
