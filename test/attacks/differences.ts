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

/** What Bun does by itself, before we hear of it. */
const ON_BUN: readonly (readonly [attack: string, code: number, why: string])[] = [
  ...(
    [
      ["65 fragments", 1009],
      ["65 empty fragments", 4400],
      ["10,000 empty fragments", 4400],
      ["10,000 fragments of one byte", 1009],
      ["fragments without end, with pongs between them", 1002],
    ] as const
  ).map(
    ([attack, code]) =>
      [
        attack,
        code,
        "It counts only the bytes of fragments, which are limited: they end for what they come to.",
      ] as const,
  ),
  ['asks for the path "http://[/ws"', 101, "It reads an absolute path as a path, and leaves out the host."],
  ["offers subprotocols that are none", 101, "It does not parse the list, of which we select nothing then."],
  [
    "sends events together with an upgrade that is authenticated slowly, and has each handled once",
    400,
    "It answers 400 when bytes come before it has answered the upgrade itself; no client sends any that early.",
  ],
];

/** What Deno does by itself. Whoever is closed for something is seldom told: see {@link endingOn}. */
const ON_DENO: readonly (readonly [attack: string, code: number, why: string])[] = [
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
];

const NO_URL = "@hono/node-server cannot make a URL of it, and answers by itself.";

/** What Hono does by itself on Node. */
const ON_HONO: readonly (readonly [attack: string, code: number, why: string])[] = [
  ['sends the Host "["', 500, NO_URL],
  ['sends the Host "a b"', 500, NO_URL],
  ['sends the Host "//"', 404, NO_URL],
  ['asks for the path "http://[/ws"', 500, NO_URL],
];

const of = (subject: string, differences: typeof ON_BUN): readonly Difference[] =>
  differences.map(([attack, code, why]) => ({ subject, attack, code, why }));

/** All of them. */
const DIFFERENCES: readonly Difference[] = [
  ...of("bun", ON_BUN),
  ...of("deno", ON_DENO),
  ...of("hono", ON_HONO),
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
 * sends anything but a Close after its own, and on frames that are malformed: the Close is lost on the way.
 */
export function endingOn(subject: string, attack: string, code: number): number {
  const difference = differenceOf(subject, attack);
  if (difference !== undefined) return difference.code;
  return subject === "deno" && !attack.startsWith("a Close with") ? 1006 : code;
}
