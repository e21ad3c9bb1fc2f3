// Where a server answers otherwise than the others, for a reason that is not ours to change. Each line is pinned: the
// suite fails when the server answers in the common way after all. Knows no more of attacks than what they are called.

/** One attack that ends otherwise on one subject. */
export interface Difference {
  readonly subject: string;
  /** The attack, by what it sends or does. */
  readonly attack: string;
  /** The close code, or the status of the upgrade, that it ends with there. */
  readonly code: number;
  readonly why: string;
}

/** Instead of a code: the peer is not closed, and nobody is harmed. */
export const TAKEN = 0;

/** An attack that a framework does not withstand, whatever connector is plugged into it: it is not tried there. */
interface Weakness {
  readonly subject: string;
  readonly attack: string;
  readonly why: string;
}

/** What something does by itself, before we hear of it. */
type Differences = readonly (readonly [attack: string, code: number, why: string])[];

const UNCOUNTED: Differences = (
  [
    ["65 fragments", 1009],
    ["65 empty fragments", 4400],
    ["10,000 empty fragments", 4400],
    ["10,000 fragments of one byte", 1009],
  ] as const
).map(([attack, code]) => [
  attack,
  code,
  "It counts only the bytes of fragments, which are limited: they end for what they come to.",
]);

const ON_BUN: Differences = [
  ...UNCOUNTED,
  [
    "fragments without end, with pongs between them",
    1002,
    "It counts only the bytes of fragments, and finds no end where the next frame begins.",
  ],
  ['asks for the path "http://[/ws"', 101, "It reads an absolute path as a path, and leaves out the host."],
  ["offers subprotocols that are none", 101, "It does not parse the list, of which we select nothing then."],
  [
    "sends events together with an upgrade that is authenticated slowly, and has each handled once",
    400,
    "It answers 400 when bytes come before it has answered the upgrade itself; no client sends any that early.",
  ],
];

/** Whoever is closed for something is seldom told on Deno: see {@link endingOn}. */
const ON_DENO: Differences = [
  ...["an unmasked frame", "an unmasked ping", "an unmasked fragment after a masked one"].map(
    (attack) => [attack, TAKEN, "It takes what is not masked."] as const,
  ),
  ["a pong of 126 bytes", TAKEN, "It takes long pongs."],
  ["a length of 65,537 without the bytes", TAKEN, "It has a limit of its own, 64 MiB, until all bytes are there."],
  ["a Close of 126 bytes", 1000, "It takes a long reason."],
  ["closes with 1014, which is answered with the same", 1002, "It does not know the code."],
  ["offers subprotocols that are none", 101, "It does not parse the list, of which we select nothing then."],
  ...['sends the Host "//"', 'sends the Host "localhost/x"'].map(
    (attack) => [attack, 404, "It makes the address of a request of both, and there is nothing at that path."] as const,
  ),
  ...["floods pings and does not read the pongs", "sends more pings than it may, and reads the pongs"].map(
    (attack) =>
      [attack, TAKEN, "It answers pings without telling, and reads no more from a peer than it can answer."] as const,
  ),
  [
    "sends 60 MB to a handler that does not get on, and is not read meanwhile",
    4429,
    "Its sockets cannot be paused: whoever sends more than may wait is closed.",
  ],
  [
    "sends an event in front of its token, and has nothing handled",
    1006,
    "It hangs up on who sends anything but a Close after its own, as the token is.",
  ],
  ...["connects and says nothing", "sends its upgrade a byte at a time", "sends a request whose body never ends"].map(
    (attack) => [attack, TAKEN, "It has no time limit for requests that do not arrive."] as const,
  ),
  ...["never answers the Close of the application", "never answers the Close for a bad frame"].map(
    (attack) =>
      [attack, TAKEN, "It does not let a socket be cut: who is given up by us stays for as long as it likes."] as const,
  ),
];

/** What uWebSockets.js refuses itself it cuts without a Close: see {@link endingOn}. */
const ON_UWS: Differences = [
  ...UNCOUNTED,
  [
    "fragments without end, with pongs between them",
    TAKEN,
    "It counts only the bytes of fragments, which are limited, and these have none.",
  ],
  ["binary inside of text", 1003, "It takes the empty frame for the end, and hands over what it began with as binary."],
  ["a length of 65,537 without the bytes", TAKEN, "Its limit is twice ours, so that we can answer with a code."],
  ...["2^32", "2^40", "2^53", "2^63", "2^64 less 1"].map(
    (length) => [`a length of ${length}`, 1006, "Beyond its own limit it cuts without a code."] as const,
  ),
  ...[
    "a Close of one byte",
    "a close reason that is not UTF-8",
    "a close reason that ends within a character",
    ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
      (code) => `a Close with the code ${code}`,
    ),
  ].map((attack) => [attack, 1005, "It answers a Close that is none without a code."] as const),
  ...[1012, 1013, 1014, 3000, 3999].map(
    (code) => [`closes with ${code}, which is answered with the same`, 1005, "It does not know the code."] as const,
  ),
  ...["sends no key", "sends a key that is none"].map(
    (attack) => [attack, 404, "It leaves what has no key of 24 bytes to the other routes."] as const,
  ),
  ["offers subprotocols that are none", 101, "It does not parse the list, of which we select nothing then."],
  ...[
    'asks for the path "*"',
    'asks for the path "http://[/ws"',
    "asks with a control character in the path",
    "sends no HTTP",
    "sends a frame where the upgrade should be",
    "sends HTTP/9.9",
    "sends HTTP/1.0",
    "sends a header without a colon",
    "sends headers that are folded",
    "sends line feeds alone",
    "sends a NUL in a header",
  ].map((attack) => [attack, TAKEN, "It waits for a request that it can read, for as long as for any."] as const),
  ...[
    "sends events behind a token that is looked at slowly: they wait, and are handled in order",
    "sends events behind a token that is refused slowly: none is handled",
  ].map((attack) => [attack, 4408, "The token is lost with the rest of what came with the upgrade."] as const),
  [
    "sends 60 MB to a handler that does not get on, and is not read meanwhile",
    4429,
    "Its sockets cannot be paused: whoever sends more than may wait is closed.",
  ],
];

const NO_URL = "@hono/node-server cannot make a URL of it, and answers by itself.";

const ON_HONO: Differences = [
  ['sends the Host "["', 500, NO_URL],
  ['sends the Host "a b"', 500, NO_URL],
  ['sends the Host "//"', 404, NO_URL],
  ['asks for the path "http://[/ws"', 500, NO_URL],
];

const of = (subject: string, differences: Differences): readonly Difference[] =>
  differences.map(([attack, code, why]) => ({ subject, attack, code, why }));

/** All of them. */
const DIFFERENCES: readonly Difference[] = [
  ...["bun", "hono (bun)", "elysia"].flatMap((subject) => of(subject, ON_BUN)),
  ...of("deno", ON_DENO),
  ...of("hono", ON_HONO),
  ...of("uws", ON_UWS),
  ...["a b", "localhost/x", "//"].map((host) => ({
    subject: "hono (bun)",
    attack: `sends the Host ${JSON.stringify(host)}`,
    code: 404,
    why: "Hono makes the path of a request of both, and there is nothing at that path.",
  })),
  {
    subject: "elysia",
    attack: 'sends the Host "["',
    code: 404,
    why: "Elysia makes the path of a request of both, and there is nothing at that path.",
  },
  {
    subject: "elysia",
    attack: 'asks for the path "/ws/"',
    code: 101,
    why: "Its router takes a path with a slash behind it for the same.",
  },
  {
    subject: "h3",
    attack: 'asks for the path "/ws/"',
    code: 101,
    why: "Its router takes a path with a slash behind it for the same.",
  },
];

const LEFT_HANGING =
  "@hono/node-server 2.1 neither answers an upgrade that is not to a WebSocket nor lets go of its socket.";

const WEAKNESSES: readonly Weakness[] = [
  { subject: "hono", attack: "upgrades to something else", why: LEFT_HANGING },
  // Some of them are garbled to that.
  { subject: "hono", attack: "breaks off 1000 handshakes at random places", why: LEFT_HANGING },
];

/** Whether `attack` is tried on `subject`. */
export function isTriedOn(subject: string, attack: string): boolean {
  return !WEAKNESSES.some((one) => one.subject === subject && one.attack === attack);
}

/** How `attack` ends on `subject`, where that is not what the attack itself says. */
export function differenceOf(subject: string, attack: string): Difference | undefined {
  return DIFFERENCES.find((one) => one.subject === subject && one.attack === attack);
}

/**
 * What a peer sees of being closed with `code` for what it sent, while it goes on sending. Deno hangs up on a peer that
 * sends anything but a Close after its own, and on frames that are malformed: the Close is lost on the way. uWebSockets.js
 * sends none for what is no WebSocket or no UTF-8.
 */
export function endingOn(subject: string, attack: string, code: number): number {
  const difference = differenceOf(subject, attack);
  if (difference !== undefined) return difference.code;
  if (subject === "uws") return code === 1002 || code === 1007 ? 1006 : code;
  return subject === "deno" && !attack.startsWith("a Close with") ? 1006 : code;
}

/** Whether whatever comes together with the upgrade is lost on `subject`. uWebSockets.js drops what its HTTP parser has read. */
export function losesEarly(subject: string): boolean {
  return subject === "uws";
}

/**
 * Whether `subject` is stopped as a server of its own, on which nothing else was tried before, and without a load. Deno
 * keeps the sockets of peers that never answer a Close, and after the attacks its server did not always end.
 */
export function isStoppedAlone(subject: string): boolean {
  return subject === "deno";
}
