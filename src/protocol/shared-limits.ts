// The limits that hold at both ends, and their defaults; apart from the others so that browsers do not load those.

/** The limits that hold at both ends. A number above 0; `Infinity` means none. */
export interface SharedLimits {
  /** Bytes of one frame's text as UTF-8, received or sent. Beyond: 1009. */
  readonly envelopeBytes: number;
  /** Levels of nesting in one frame, the envelope itself being the first. Beyond: 1009. */
  readonly depth: number;
  /** UTF-16 code units of an event's name. Beyond: 4400. */
  readonly nameLength: number;
  /** Keys in an envelope's headers. Beyond: 4400. */
  readonly headerKeys: number;
  /** Bytes of an envelope's headers as JSON. Beyond: 4400. */
  readonly headerBytes: number;
  /** Requests to one peer that wait for their answer. */
  readonly pendingRequests: number;
  /** Bytes waiting to leave for one peer above which `volatile` events are dropped. */
  readonly bufferedBytesSoft: number;
  /** Milliseconds of silence after which a peer is asked whether it is there. */
  readonly heartbeatMs: number;
  /** Milliseconds that the answer to that question may take. */
  readonly heartbeatTimeoutMs: number;
  /** Milliseconds that a peer may take to answer a Close. Then the socket is cut. */
  readonly closeMs: number;
}

/** Their defaults. */
export const SHARED_LIMITS: SharedLimits = {
  envelopeBytes: 65_536,
  depth: 64,
  nameLength: 128,
  headerKeys: 32,
  headerBytes: 4_096,
  pendingRequests: 1_000,
  bufferedBytesSoft: 262_144,
  heartbeatMs: 25_000,
  heartbeatTimeoutMs: 10_000,
  closeMs: 3_000,
};
