// A TCP proxy that tests can cut, stall and half-open. Knows no WebSockets.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy in front of one port. */
export interface TcpProxy {
  readonly port: number;
  /** Pairs that are connected. */
  readonly pairs: number;
  /** Ends all connections with a reset, at both ends. */
  cut(): void;
  /** Lets nothing through in either direction from now on, without a word to either end; for new ones too. */
  stall(): void;
  /**
   * From now on takes everything that the server sends and gives it to nobody, without a word to either end.
   *
   * @param said - Only on connections whose client has said this, then or later. Default: on all.
   */
  swallow(said?: RegExp): void;
  /** Lets everything through again that was not stalled to death. What was swallowed on stays dead. */
  flow(): void;
  /** Ends the server's side of all connections; the client's side stays open, and nobody is there. */
  halfOpen(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** What the client has said: the beginning, and the end so far. */
  said: string;
  swallowed: boolean;
}

// Enough to find a word in.
const SAID_LENGTH = 4_096;

/** Starts a proxy in front of `port`. */
export async function tcpProxy(port: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let state: "flowing" | "stalled" = "flowing";
  let swallowing: RegExp | undefined;
  const look = (pair: Pair) => {
    if (swallowing?.test(pair.said)) pair.swallowed = true;
  };
  const server = createServer((client) => {
    const pair: Pair = { client, server: connect(port, "127.0.0.1"), said: "", swallowed: false };
    pairs.add(pair);
    client.on("data", (bytes) => {
      pair.said = pair.said.slice(0, SAID_LENGTH) + bytes.toString("latin1").slice(-SAID_LENGTH);
      look(pair);
    });
    look(pair);
    for (const [from, to] of [
      [client, pair.server],
      [pair.server, client],
    ] as const) {
      from.on("error", () => {});
      from.on("data", (bytes) => {
        if (!(pair.swallowed && from === pair.server)) to.write(bytes);
      });
      from.on("end", () => to.end());
      from.on("close", () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
    if (state === "stalled") hold(pair);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    get pairs() {
      return pairs.size;
    },
    cut() {
      for (const pair of pairs) {
        pair.client.resetAndDestroy();
        pair.server.resetAndDestroy();
      }
    },
    stall() {
      state = "stalled";
      for (const pair of pairs) hold(pair);
    },
    swallow(said = /^/) {
      swallowing = said;
      for (const pair of pairs) look(pair);
    },
    flow() {
      state = "flowing";
      swallowing = undefined;
      for (const { client, server: upstream } of pairs) {
        client.resume();
        upstream.resume();
      }
    },
    halfOpen() {
      for (const { client, server: upstream } of pairs) {
        upstream.removeAllListeners("close");
        upstream.removeAllListeners("end");
        upstream.destroy();
        client.removeAllListeners("data");
        client.resume();
      }
    },
    async close() {
      for (const { client, server: upstream } of pairs) {
        client.destroy();
        upstream.destroy();
      }
      server.close();
      await once(server, "close");
    },
  };
}

function hold({ client, server }: Pair): void {
  client.pause();
  server.pause();
}
