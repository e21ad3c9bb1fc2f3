// What the cases of the contract do with the server they are given. Decides nothing.
import type { Report } from "./app.ts";
import type { GuardedReport } from "./guarded-app.ts";
import { Peer } from "./peer.ts";

/**
 * A server with the contract's registers at `/ws`, `/other` and `/guarded`, text at `/page`, and nothing anywhere else.
 * `POST /drain` closes the registers in the way that users of this connector would, and is answered when that is done.
 */
export interface ContractServer {
  /** Such as `ws://127.0.0.1:12345`. */
  readonly url: string;
  /** Bytes of memory it uses, where its program cannot tell. */
  rss?(): number;
  stop(): Promise<void>;
}

/**
 * Starts a server. `beside another`: somebody else takes upgrades on it too (neighbour.ts); a server that hands over
 * whatever it does not know itself may answer at that path in plain HTTP, with the same header.
 */
export type Start = (company: "alone" | "beside another") => Promise<ContractServer>;

/** One connector's server, as the cases see it. */
export class World {
  readonly url: string;
  readonly start: Start;

  readonly #server: ContractServer;

  constructor(server: ContractServer, start: Start) {
    this.#server = server;
    this.url = server.url;
    this.start = start;
  }

  /** Connects. */
  open(path = "/ws", options?: Parameters<typeof Peer.open>[1]): Promise<Peer> {
    return Peer.open(this.url + path, options);
  }

  /** Connects where a token is needed. */
  openGuarded(token: string): Promise<Peer> {
    return this.open("/guarded", { protocols: ["zap.v1", bearer(token)] });
  }

  /** What the main register knows. */
  async report(): Promise<Report> {
    const peer = await this.open();
    const answer = (await peer.ask("report")) as Report;
    peer.close();
    return { ...answer, rss: this.#server.rss?.() ?? answer.rss };
  }

  /** How a connection ended, once that is known inside. */
  async endingOf(id: unknown): Promise<Report["lives"][number]["closes"][number]> {
    for (;;) {
      const [close] = (await this.report()).lives.find((life) => life.id === id)?.closes ?? [];
      if (close !== undefined) return close;
    }
  }
}

/** A token as it stands in the list of subprotocols. */
export function bearer(token: string): string {
  return `zap.bearer.${Buffer.from(token).toString("base64url")}`;
}

/** The id of a peer's connection. */
export async function idOf(peer: Peer): Promise<string> {
  return ((await peer.ask("whoami")) as { id: string }).id;
}

/** What the guarded register says to a peer of it. */
export async function guardedReport(peer: Peer): Promise<GuardedReport> {
  return (await peer.ask("report")) as GuardedReport;
}

/** The HTTP address of a server. */
export function httpOf(url: string): string {
  return url.replace("ws:", "http:");
}
