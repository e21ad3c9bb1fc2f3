// A Durable Object that is put to sleep, and what can be seen of that from outside without waking it.
import unsafe from "workerd:unsafe";
import { type DurableContext, ZapDurableObject } from "../../../src/connectors/cloudflare.ts";
import { type AuthenticationRequest, EventRegister } from "../../../src/index.ts";

interface Visitor {
  name: string;
  connected: number;
  notes: unknown;
}

interface Env {
  readonly ROOM: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}

// What outlives an object, for the module does not sleep: how often one woke, and how connections ended.
let births = 0;
const endings: unknown[] = [];
const errors: unknown[] = [];

function createRegister() {
  const quiet = { warn() {}, error() {} };
  const register = new EventRegister(undefined, {
    logger: quiet,
    authenticate: ({ token }: AuthenticationRequest) => {
      const [id, lifetime] = (token ?? "").split(":");
      if (id === undefined || id === "") return undefined;
      return { id, ...(lifetime === undefined ? {} : { expiresAt: new Date(Date.now() + Number(lifetime)) }) };
    },
  }).withState((): Visitor => ({ name: "", connected: 0, notes: undefined }));

  register.onEvent("connected", ({ connection }) => {
    connection.state.connected++;
  });
  register.onEvent("disconnected", ({ connection, payload }) => {
    endings.push({ id: connection.id, rooms: connection.rooms, ...payload });
  });
  register.onEvent("error", ({ payload }) => {
    errors.push((payload.error as { code?: unknown }).code);
  });
  register.onEvent("enter", async ({ connection, payload }) => {
    connection.state.name = String(payload);
    await connection.join("room", { since: payload });
    return connection.id;
  });
  register.onEvent("me", ({ connection, connections }) => ({
    id: connection.id,
    principal: connection.principal,
    state: connection.state,
    rooms: connection.rooms,
    meta: connections.room("room").meta(connection),
    members: connections.room("room").size,
  }));
  register.onEvent("say", ({ connections, payload }) => connections.room("room").send("said", payload));
  register.onEvent("note", ({ connection, payload }) => {
    connection.state.notes = "x".repeat(Number(payload));
  });
  register.onEvent("stay awake", () => {
    setTimeout(() => {}, 60_000);
  });
  register.onEvent("leave", ({ connection }) => {
    connection.close(4002, "asked to");
  });
  return register;
}

export class Room extends ZapDurableObject(() => createRegister()) {
  constructor(context: DurableContext, env: Env) {
    super(context, env);
    births++;
  }

  override async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== "/tell") return super.fetch(request);
    await this.register.connections.room("room").send("told", null);
    return new Response("told");
  }
}

export default {
  async fetch(request: Request, { ROOM }: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/seen") return Response.json({ births, endings, errors });
    if (pathname !== "/sleep") return ROOM.get(ROOM.idFromName("room")).fetch(request);
    await unsafe.evictAllDurableObjects();
    return new Response("asleep");
  },
};
