// A client of ours on Node, and a server that means harm to it; both are gone after the test. Knows no attack.
import { afterEach } from "vitest";
import type { ClientOptions, ClientStatus } from "../../src/client/client-types.ts";
import { ZapClient } from "../../src/client/node.ts";
import { boundedWebSocket } from "../../src/client/ws-socket.ts";
import type { Untyped } from "../../src/protocol/contract-types.ts";
import { type FrameOptions, frame } from "../support/raw-peer.ts";
import { HostileServer, type Visitor, type Welcome } from "./hostile-server.ts";

/** What to do after the test, last first. */
export const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** The client's token. */
export const SECRET = "hunter2-the-token";

/** Bytes that wait to leave in the newest client. */
export let buffered: () => number = () => 0;

class Watched extends boundedWebSocket(undefined) {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols);
    buffered = () => this.bufferedAmount;
  }
}

/** What an attack on a client sees of it. */
export interface AttackedClient {
  readonly server: HostileServer;
  readonly client: ZapClient;
  readonly errors: readonly unknown[];
  /** Resolves when the client has come to `status`. */
  until(status: ClientStatus): Promise<void>;
}

/** A client that a server does `welcome` to. It has the least delay there is before it comes back. */
export async function attacked(welcome: Welcome, options: ClientOptions<Untyped> = {}): Promise<AttackedClient> {
  const server = await HostileServer.start(welcome);
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const client = new ZapClient(server.url, { random: () => 0, token: SECRET, WebSocket: Watched, onError, ...options });
  cleanUp.push(
    () => client.close(),
    () => server.stop(),
  );
  client.connect().catch(() => {});
  const until = (status: ClientStatus) =>
    new Promise<void>((resolve) => {
      const stop = client.onStateChange((state) => {
        if (state === status) resolve();
      });
      cleanUp.push(stop);
      if (client.getSnapshot().status === status) resolve();
    });
  return { server, client, errors, until };
}

/** A frame as servers write them: without a mask. */
export function unmasked(payload: string | Uint8Array, options: FrameOptions = {}): Buffer {
  return frame(payload, { masked: false, ...options });
}

/** An envelope as a server's frame. */
export function text(envelope: unknown): Buffer {
  return unmasked(JSON.stringify(envelope));
}

/** Accepts the upgrade as a server of ours would, and goes on with `then`. */
export function accepting(then: (visitor: Visitor) => void): Welcome {
  return (visitor) => {
    visitor.accept("Sec-WebSocket-Protocol: zap.v1");
    then(visitor);
  };
}
