// What is measured, by whom, and how far ours has to be ahead. Measures nothing itself.
// `atLeast` and `atMost` are ratios of ours to the other, in one and the same run; without another, `atMost` is the
// figure itself.

const perSecond = (unit, demands) => ({ key: "perSecond", unit, better: "more", demands });
const atLeast = (against, ratio, of = "ours") => ({ of, against, atLeast: ratio });
const atMost = (against, ratio, of = "ours") => ({ of, against, atMost: ratio });

const atMostEach = (most, of) => ({ of, atMost: most });

const everybody = ["ours", "ws", "socketIo", "crossws", "bun", "oursBun"];
const withAsync = ["ours", "oursAsync", "ws", "socketIo", "crossws", "bun", "oursBun"];
const TWO_NODES = "Both nodes ran on one core; Redis and the load on the other.";
const both = (against, ratio) => [atLeast(against, ratio), atLeast(against, ratio, "oursAsync")];

/** Every work: what the load does (`job`), who takes part, which figures count. */
export const works = [
  {
    id: "echo-1",
    group: "echo",
    title: "echo, 50 connections, 1 in flight",
    contenders: withAsync,
    job: { work: "echo", kind: "event", connections: 50, inFlight: 1 },
    figures: [perSecond("echoes/s", [...both("ws", 1), ...both("socketIo", 1.3)])],
  },
  {
    id: "echo-16",
    group: "echo",
    title: "echo, 50 connections, 16 in flight",
    contenders: withAsync,
    job: { work: "echo", kind: "event", connections: 50, inFlight: 16 },
    figures: [perSecond("echoes/s", [...both("ws", 2), ...both("socketIo", 2.8), atLeast("bun", 0.6, "oursBun")])],
  },
  {
    id: "echo-validated",
    group: "echo",
    title: "echo, validated by valibot, one middleware, 16 in flight",
    contenders: ["oursValidated", "oursValidatedAsync", "wsValidated"],
    job: { work: "echo", kind: "event", connections: 50, inFlight: 16 },
    figures: [
      perSecond("echoes/s", [
        atLeast("wsValidated", 1.6, "oursValidated"),
        atLeast("wsValidated", 1.6, "oursValidatedAsync"),
      ]),
    ],
  },
  {
    id: "request-1",
    group: "request",
    title: "request and reply, 50 connections, 1 in flight",
    contenders: ["ours", "oursAsync", "socketIo"],
    job: { work: "echo", kind: "request", connections: 50, inFlight: 1 },
    figures: [perSecond("replies/s", both("socketIo", 1.3))],
  },
  {
    id: "request-16",
    group: "request",
    title: "request and reply, 50 connections, 16 in flight",
    contenders: ["ours", "oursAsync", "socketIo"],
    job: { work: "echo", kind: "request", connections: 50, inFlight: 16 },
    figures: [perSecond("replies/s", both("socketIo", 1.3))],
  },
  {
    id: "broadcast",
    group: "broadcast",
    title: "broadcast 1 to 1,000, 4 in flight",
    contenders: everybody,
    job: { work: "broadcast", connections: 1_000, inFlight: 4 },
    figures: [
      perSecond("deliveries/s", [
        atLeast("ws", 3),
        atLeast("socketIo", 3.3),
        atLeast("bun", 0.8),
        atLeast("bun", 0.9, "oursBun"),
      ]),
    ],
  },
  {
    id: "room",
    group: "room",
    title: "room of 100 among 10,000 connections, 4 in flight",
    contenders: everybody,
    job: { work: "room", connections: 10_000, members: 100, inFlight: 4 },
    figures: [perSecond("deliveries/s", [])],
  },
  {
    id: "connect",
    group: "connect",
    title: "connect 5,000",
    contenders: everybody,
    job: { work: "connect", connections: 5_000 },
    figures: [perSecond("connections/s", [atLeast("ws", 0.9), atLeast("socketIo", 2)])],
  },
  {
    id: "memory",
    group: "memory",
    title: "memory, 10,000 idle connections",
    contenders: ["oursDefault", "ws", "socketIo", "crossws", "bun", "oursBun"],
    job: { work: "idle", connections: 10_000 },
    figures: [
      {
        key: "bytesEach",
        unit: "bytes each",
        better: "less",
        demands: [atMost("ws", 1.15, "oursDefault"), atMost("socketIo", 0.55, "oursDefault")],
      },
    ],
  },
  {
    id: "latency",
    group: "latency",
    title: "broadcast 1 to 1,000, 40 a second",
    contenders: everybody,
    job: { work: "latency", connections: 1_000, perSecond: 40 },
    figures: [
      { key: "p50", unit: "ms, p50", better: "less", demands: [] },
      { key: "p99", unit: "ms, p99", better: "less", demands: [] },
    ],
  },
  {
    id: "stalled",
    group: "stalled",
    title: "zaptools, broadcast 1 to 10,000, 5 a second",
    contenders: ["allReading", "oursStalled"],
    job: { work: "stalled", connections: 10_000, perSecond: 5 },
    figures: [
      {
        key: "p99",
        unit: "ms, p99 of those who read",
        better: "less",
        demands: [atMost("allReading", 2, "oursStalled")],
      },
      { key: "grownMegabytes", unit: "MB the server grew by", better: "less", demands: [] },
    ],
  },
  {
    id: "cluster-broadcast",
    group: "cluster",
    title: "broadcast on 2 nodes × 500 through Redis, 4 in flight",
    note: TWO_NODES,
    contenders: ["oursCluster", "socketIoCluster"],
    job: { work: "clusterBroadcast", connections: 1_000, inFlight: 4 },
    figures: [perSecond("deliveries/s", [atLeast("socketIoCluster", 1.5, "oursCluster")])],
  },
  {
    id: "cluster-latency",
    group: "cluster",
    title: "room of 20 on the other node, 1,000 events a second",
    note: `${TWO_NODES} The time is from the write of one client to the read of another, at the other node.`,
    contenders: ["oursCluster", "socketIoCluster"],
    job: { work: "clusterLatency", connections: 1_000, members: 20, perSecond: 1_000 },
    figures: [
      { key: "p50", unit: "ms, p50", better: "less", demands: [] },
      { key: "p99", unit: "ms, p99", better: "less", demands: [atMostEach(15, "oursCluster")] },
    ],
  },
];

/** Whether a contender is one of ours, which are compared with the others. */
export const isOurs = (id) => id.startsWith("ours");

/** Whether two are compared: ours on Bun stands beside what is written by hand there, and nothing else does. */
export const areCompared = (ours, other) => ours !== "oursBun" || other === "bun";
