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

/** All of them. */
const DIFFERENCES: readonly Difference[] = [
  ...(
    [
      ['sends the Host "["', 500],
      ['sends the Host "a b"', 500],
      ['sends the Host "//"', 404],
      ['asks for the path "http://[/ws"', 500],
    ] as const
  ).map(([attack, code]) => ({
    subject: "hono",
    attack,
    code,
    why: "@hono/node-server cannot make a URL of it, and answers by itself.",
  })),
  ...ON_BUN.map(([attack, code, why]) => ({ subject: "bun", attack, code, why })),
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
