// What an attack is. Knows neither the attacks nor the servers.
import type { Target } from "./target.ts";

/** One way to attack. It fails when the server does not answer as it should; who was harmed is looked at afterwards. */
export interface Attack {
  /** The threats it stands for: see the table in {@link THREATS}. */
  readonly threats: readonly Threat[];
  /** What the peer does, as the end of "a peer that". */
  readonly what: string;
  run(target: Target): Promise<void>;
}

/** The threats, as they are named in the table that the suite prints. */
export const THREATS = {
  A1: "another site's page connects",
  A2: "malformed Origin, Host or path",
  B1: "peers that are not authenticated",
  B2: "authentication that hangs, fails or is left",
  B3: "events before authentication",
  B4: "tokens in logs, errors and headers",
  B5: "tokens that expire or are revoked",
  C1: "lifecycle and reserved names",
  C2: "names that mean something to JavaScript",
  C3: "event names that are none",
  C4: "headers that are none, or too many",
  D1: "text that is no envelope",
  D2: "too large, too deep",
  D3: "invalid UTF-8",
  D4: "payloads that cannot be encoded",
  E1: "fragments without end",
  E2: "floods of pings",
  E3: "compression",
  E4: "malformed frames",
  E5: "bytes that come with the upgrade",
  F1: "slow and broken handshakes",
  F2: "floods of connections",
  G1: "a peer that does not read",
  G2: "a peer that sends faster than handlers work",
  G3: "requests unanswered, forged and late",
  H1: "too many events or bytes per second",
  I1: "rooms without end",
  I2: "members that come and go in a broadcast",
  L1: "line breaks and escape codes in logs",
  L2: "internal errors shown to peers",
  M1: "handlers that fail in every way",
  M2: "next() twice or never, handlers that do not end",
  N1: "stop under load",
  O1: "illegal close codes, long reasons",
  O2: "a peer that never answers Close",
} as const;

/** A threat's number. */
export type Threat = keyof typeof THREATS;
