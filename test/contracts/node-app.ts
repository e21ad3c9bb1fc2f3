// The application that every node serves in the broker contract: it does what its clients ask for. Knows no broker.
import { type Broker, EventRegister, type NodeChange, ZapError } from "../../src/index.ts";

/** What the requests of the suite may say; each uses a part of it. */
interface Wish {
  readonly room: string;
  readonly rooms: readonly string[];
  readonly meta: unknown;
  readonly event: string;
  readonly payload: unknown;
  readonly id: string;
  readonly exclude: readonly string[];
  readonly excludeSelf: boolean;
  readonly local: boolean;
  readonly volatile: boolean;
  readonly timeout: number;
  readonly count: number;
}

/** What `status` is answered with. */
export interface NodeStatus {
  readonly id: string;
  readonly nodes: readonly string[];
  readonly changes: readonly (NodeChange & { readonly at: number })[];
  readonly received: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
  readonly rooms: readonly string[];
}

/** A register that does what its clients say, joined to others by a broker. */
export function createNodeApp(broker: Broker) {
  const changes: (NodeChange & { readonly at: number })[] = [];
  const errors: string[] = [];
  const register = new EventRegister(undefined, {
    broker,
    logger: { warn() {}, error() {} },
    limits: { eventsPerSecond: Number.POSITIVE_INFINITY, closeMs: 500 },
    onBrokerError: (error) => errors.push(error.code),
    authenticate: ({ url }) => ({ id: url.split("?as=")[1] ?? "anybody" }),
    authorizeJoin: ({ room }) => room !== "forbidden",
  });
  const { connections } = register;
  const { cluster } = connections;
  cluster.onNode((change) => {
    changes.push({ ...change, at: Date.now() });
  });
  cluster.onEvent("echo", (payload) => payload);
  cluster.onEvent("fail", () => {
    throw new ZapError("on_purpose", "It failed on purpose.", { why: "to see" });
  });
  cluster.onEvent("break", () => {
    throw new Error("not meant for others");
  });
  cluster.onEvent("hang", (payload) => (payload === cluster.id ? new Promise(() => {}) : "fine"));

  const on = (
    name: string,
    act: (wish: Wish, self: Parameters<Parameters<typeof register.onEvent>[1]>[0]) => unknown,
  ) => register.onEvent(name, async (context) => await act(context.payload as Wish, context));

  on("whoami", (_wish, { connection }) => connection.id);
  on("join", async ({ room, meta }, { connection }) => {
    await connection.join(room, meta);
    return connection.rooms;
  });
  on("leave", ({ room }, { connection }) => connection.leave(room));
  on(
    "send",
    ({ rooms, event, payload, exclude = [], excludeSelf, local = false, volatile = false }, { connection }) => {
      const options = { exclude: excludeSelf ? [...exclude, connection] : exclude, local, volatile };
      return connections.to(...rooms).send(event, payload, options);
    },
  );
  on("room:send", ({ room, event, payload }) => connections.room(room).send(event, payload));
  on("broadcast", ({ event, payload, exclude = [], local = false }) =>
    connections.broadcast(event, payload, { exclude, local }),
  );
  on("sendTo", ({ id, event, payload }) => connections.sendTo(id, event, payload));
  on("interleave", ({ room, id, count }) => {
    for (let index = 0; index < count; index++) {
      connections.room(room).send("step", 3 * index);
      connections.sendTo(id, "step", 3 * index + 1);
      connections.room(room).send("step", 3 * index + 2);
    }
  });
  on("flood", ({ room, count }) => {
    for (let index = 0; index < count; index++) connections.room(room).send("drop", index);
  });
  on("joinAll", ({ room, rooms }) => connections.room(room).joinAll(rooms));
  on("joinAll, then send", async ({ room, rooms, event }) => {
    const result = await connections.room(room).joinAll(rooms);
    await connections.to(...rooms).send(event);
    return result;
  });
  on("leaveAll, then send", async ({ room, rooms, event }) => {
    const result = await connections.room(room).leaveAll(rooms);
    await connections.to(...rooms).send(event);
    return result;
  });
  on("closeAll", ({ room, local = false }) => connections.room(room).close(4000, "everybody out", { local }));
  on("revoke", ({ id }) => connections.revoke(id));
  on("members", ({ room, timeout = 2_000 }) => connections.room(room).listMembers({ timeout }));
  // A list that is larger than an envelope: what is told of it fits.
  on("members count", async ({ room }) => {
    const { members, silent } = await connections.room<string>(room).listMembers();
    const lengths = new Set(members.map(({ meta }) => meta?.length));
    return { members: `${members.length} of ${[...lengths].join()}`, silent };
  });
  on("askRoom", ({ room, event, payload, timeout = 2_000 }) =>
    connections.room(room).request(event, payload, { timeout }),
  );
  on("emit", async ({ event, payload, timeout = 2_000 }) => {
    const replies = await cluster.emit(event, payload, { timeout });
    return replies.map((reply) =>
      reply.status === "failed"
        ? { ...reply, error: { code: reply.error.code, message: reply.error.message, details: reply.error.details } }
        : reply,
    );
  });
  let sent = 0;
  let loading: NodeJS.Timeout | undefined;
  // A steady stream of numbered events: so many in each 5 milliseconds.
  on("load:start", ({ room, count }) => {
    clearInterval(loading);
    loading = setInterval(() => {
      for (let index = 0; index < count; index++) connections.room(room).send("tick", { from: cluster.id, n: ++sent });
    }, 5);
  });
  on("load:sent", () => sent);
  on("load:stop", () => {
    clearInterval(loading);
    return sent;
  });
  on("status", (): NodeStatus => {
    const { received, refused } = cluster.stats;
    const rooms = connections.rooms().map(({ name }) => name);
    return {
      id: cluster.id,
      nodes: cluster.nodes(),
      changes,
      received,
      refused: Object.fromEntries(refused),
      errors,
      rooms,
    };
  });
  return register;
}
