// The control events both ends speak beside the application's own: names, texts that never change, payloads.
// Knows how they look, not when they are sent (PROTOCOL.md, "Control events").

/** The names there are. */
export type ControlName = "zap:hello" | "zap:welcome" | "zap:ping" | "zap:pong" | "zap:auth" | "zap:draining";

/** Client's first frame: it understands control events. Without it a server sends none. Payload: {@link Hello}. */
export const HELLO = "zap:hello";

/** The server's answer to {@link HELLO}: it understands them too. Payload: {@link Welcome}. */
export const WELCOME = "zap:welcome";

/** Asks the other end whether it is there. Payload: `null`. */
export const PING = "zap:ping";

/** The answer to {@link PING}. Payload: `null`. */
export const PONG = "zap:pong";

/** From a client: a new token, `{ token }`. From a server, with payload `null`: send one, the old is running out. */
export const AUTH = "zap:auth";

/** From a server: it is going away; come back within the window. Payload: {@link Draining}. */
export const DRAINING = "zap:draining";

/** The one text of a {@link PING}: byte-constant, so that a runtime can answer it without waking the program. */
export const PING_TEXT = '{"eventName":"zap:ping","payload":null}';

/** The one text of a {@link PONG}; byte-constant too. */
export const PONG_TEXT = '{"eventName":"zap:pong","payload":null}';

/** The one text of a server's {@link AUTH}. */
export const AUTH_TEXT = '{"eventName":"zap:auth","payload":null}';

/** The text of the {@link HELLO} of this version. */
export const HELLO_TEXT = '{"eventName":"zap:hello","payload":{"version":1}}';

/** Milliseconds a client waits for {@link WELCOME}; a server that sent none by then is a plain one. */
export const WELCOME_TIMEOUT_MS = 5_000;

/** In the list of subprotocols, the base64url of a token comes after this, next to `SUBPROTOCOL`. */
export const BEARER_PREFIX = "zap.bearer.";

/** UTF-16 code units of a token in {@link AUTH}. */
export const TOKEN_LENGTH = 8_192;

/** What a client says of itself. */
export interface Hello {
  /** The version of the protocol it speaks: 1. */
  readonly version: number;
  /** What it understands beyond control events; names of later versions are passed over. */
  readonly features: readonly string[];
}

/** What a server says of itself. */
export interface Welcome {
  /** The connection's id on the server. */
  readonly id: string;
  /** Milliseconds of silence after which the client should ask with {@link PING}; undefined: as it likes. */
  readonly heartbeatMs: number | undefined;
  /** Bytes of the largest envelope the server takes; undefined: not said. */
  readonly envelopeBytes: number | undefined;
  /** What the server can do beyond control events. */
  readonly features: readonly string[];
}

/** What a server says before it goes away. */
export interface Draining {
  /** Milliseconds over which its clients should come back. */
  readonly windowMs: number;
}

const ID_LENGTH = 128;
const FEATURES = 32;
// Below, a server could make its clients flood it.
/** Milliseconds of the shortest heartbeat a server can ask for. */
export const SHORTEST_HEARTBEAT_MS = 100;

// Above, a day's silence would be normal.
/** Milliseconds of the longest heartbeat, and of the longest window. */
export const LONGEST_MS = 600_000;

/** The text of a {@link WELCOME}: what is not said is left out. */
export function encodeWelcome({ id, heartbeatMs, envelopeBytes, features }: Welcome): string {
  const limits = Number.isFinite(envelopeBytes) ? { envelopeBytes } : {};
  const heartbeat = Number.isFinite(heartbeatMs) ? heartbeatMs : undefined;
  return JSON.stringify({ eventName: WELCOME, payload: { id, heartbeatMs: heartbeat, limits, features } });
}

/** The text of a {@link DRAINING}. */
export function encodeDraining({ windowMs }: Draining): string {
  return JSON.stringify({ eventName: DRAINING, payload: { windowMs } });
}

/** The text of a client's {@link AUTH}. */
export function encodeAuth(token: string): string {
  return JSON.stringify({ eventName: AUTH, payload: { token } });
}

/** Reads the payload of a {@link HELLO}, field by field; what is missing or wrong gets its default. */
export function parseHello(payload: unknown): Hello {
  const { version, features } = fieldsOf(payload);
  return { version: numberWithin(version, 1, 1_000) ?? 1, features: textsOf(features) };
}

/** Reads the payload of a {@link WELCOME}, field by field; what is missing or wrong gets its default. */
export function parseWelcome(payload: unknown): Welcome {
  const { id, heartbeatMs, limits, features } = fieldsOf(payload);
  return {
    id: typeof id === "string" ? id.slice(0, ID_LENGTH) : "",
    heartbeatMs: numberWithin(heartbeatMs, SHORTEST_HEARTBEAT_MS, LONGEST_MS),
    envelopeBytes: numberWithin(fieldsOf(limits).envelopeBytes, 1, Number.MAX_SAFE_INTEGER),
    features: textsOf(features),
  };
}

/** Reads the payload of a {@link DRAINING}; a window that is missing or wrong is 0. At most ten minutes. */
export function parseDraining(payload: unknown): Draining {
  return { windowMs: numberWithin(fieldsOf(payload).windowMs, 0, LONGEST_MS) ?? 0 };
}

/** Reads the token from a client's {@link AUTH}; undefined when there is none, or one that is too long. */
export function parseAuth(payload: unknown): string | undefined {
  const { token } = fieldsOf(payload);
  return typeof token === "string" && token.length > 0 && token.length <= TOKEN_LENGTH ? token : undefined;
}

function fieldsOf(value: unknown): { readonly [field: string]: unknown } {
  // Of what is no object this makes one without the fields that are looked for.
  return Object(value);
}

/** `value` brought between `least` and `most`, or undefined when it is no number. */
export function numberWithin(value: unknown, least: number, most: number): number | undefined {
  return typeof value === "number" ? Math.min(Math.max(value, least), most) : undefined;
}

/** The texts in a list from the other end, of which no more than 32 are read; none when it is no list. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string").slice(0, FEATURES) : [];
}
