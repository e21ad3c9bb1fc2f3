// The hostile half of a soak, as a process of its own: `port peers seconds`. Prints how often each attack was made.
import {
  CONTINUATION,
  envelopeFrame,
  frame,
  PING,
  RawPeer,
  requestFrame,
  upgradeRequest,
} from "../../support/raw-peer.ts";

const [port = 0, peers = 0, seconds = 0] = process.argv.slice(2).map(Number);
const end = performance.now() + seconds * 1_000;

const repeated = (count: number, bytes: Uint8Array) => Buffer.concat(Array.from({ length: count }, () => bytes));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isOver = () => performance.now() > end;

// Made once: the mob is to be a burden for the server, not for its own process.
const EVENTS = repeated(2_500, envelopeFrame("nobody", "x".repeat(20)));
const REQUESTS = repeated(2_500, requestFrame("1", "nobody"));
const PINGS = repeated(50, frame("x".repeat(100), { opcode: PING }));
const FRAGMENTS = repeated(20, frame("", { fin: false, opcode: CONTINUATION }));
const BAD = [
  frame("{"),
  frame("x", { masked: false }),
  frame("x", { rsv: 7 }),
  frame("", { opcode: 2 }),
  frame("", { claimedLength: 2n ** 63n }),
  frame(Buffer.from([0xff])),
  envelopeFrame("connected"),
  frame(`{"eventName":"a","payload":${"[".repeat(60_000)}`),
];

/** Writes `bytes` every now and then until the peer is gone or the time is up. */
async function pour(peer: RawPeer, bytes: Uint8Array, everyMs: number): Promise<void> {
  while (!peer.socket.destroyed && !isOver()) {
    if (peer.socket.writableLength < 65_536) peer.write(bytes);
    await Promise.race([peer.gone, sleep(everyMs)]);
  }
}

/** Waits for the end that comes of what was done; the peer does not answer a Close. */
async function awaitEnd(peer: RawPeer): Promise<void> {
  await Promise.race([peer.gone, sleep(5_000)]);
}

interface Kind {
  readonly what: string;
  /** Seconds until the same peer does it again, on average. What costs the machine itself a lot, less often. */
  readonly pause: number;
  /** What a peer does; it is cut afterwards. */
  run(peer: RawPeer, turn: number): Promise<unknown>;
}

const open = async (peer: RawPeer) => {
  const { status } = await peer.upgrade();
  if (status !== 101) throw new Error(`The upgrade was answered with ${status}.`);
};

const KINDS: readonly Kind[] = [
  {
    what: "floods events",
    pause: 5,
    async run(peer) {
      await open(peer);
      peer.write(EVENTS);
      await awaitEnd(peer);
    },
  },
  {
    what: "floods requests and reads no answers",
    pause: 5,
    async run(peer) {
      await open(peer);
      peer.socket.pause();
      peer.write(REQUESTS);
      await awaitEnd(peer);
    },
  },
  {
    what: "does not read what it asks for",
    pause: 20,
    async run(peer, turn) {
      await open(peer);
      const room = `of ${turn} ${Math.random()}`;
      await peer.ask("join", room);
      peer.socket.pause();
      peer.send("say", { room, count: 200, size: 30_000 });
      await awaitEnd(peer);
    },
  },
  {
    what: "sends bad frames",
    pause: 1,
    async run(peer) {
      await open(peer);
      peer.write(BAD[Math.floor(Math.random() * BAD.length)] ?? PINGS);
      await Promise.race([peer.closed(), sleep(1_000)]);
    },
  },
  {
    what: "floods pings",
    pause: 2,
    async run(peer) {
      await open(peer);
      await pour(peer, PINGS, 100);
    },
  },
  {
    what: "sends fragments without end",
    pause: 1,
    async run(peer) {
      await open(peer);
      peer.write(frame("{", { fin: false }));
      await pour(peer, FRAGMENTS, 200);
    },
  },
  {
    what: "shakes hands slowly",
    pause: 1,
    async run(peer) {
      for (const letter of upgradeRequest()) {
        if (peer.socket.destroyed || isOver()) return;
        peer.write(Buffer.from(letter));
        await sleep(200);
      }
    },
  },
  {
    what: "breaks off handshakes",
    pause: 1,
    async run(peer) {
      peer.write(Buffer.from(upgradeRequest().slice(0, Math.random() * 200)));
      await sleep(20);
    },
  },
];

const made = new Map<string, number>();

/** One hostile peer: does one thing, again and again. */
async function misbehave(turn: number): Promise<void> {
  const kind = KINDS[turn % KINDS.length];
  if (kind === undefined) return;
  const { what, pause, run } = kind;
  for (;;) {
    // Not all of them at the same moment, the first time neither.
    await sleep(Math.min(Math.random() * pause * 2_000, Math.max(0, end - performance.now())));
    if (isOver()) return;
    made.set(what, (made.get(what) ?? 0) + 1);
    const peer = new RawPeer(port);
    await run(peer, turn).catch(() => {});
    peer.reset();
  }
}

await Promise.all(Array.from({ length: peers }, (_, turn) => misbehave(turn)));
console.log(JSON.stringify(Object.fromEntries(made)));
