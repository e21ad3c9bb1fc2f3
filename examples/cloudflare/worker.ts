// Rooms in Durable Objects that sleep while their WebSockets stay: npx wrangler dev
import { EventRegister } from "zaptools";
import { ZapDurableObject } from "zaptools/cloudflare";

function createRegister() {
  const register = new EventRegister().withState(() => ({ name: "guest" }));

  register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));
  register.onEvent("join", async ({ connection, state, payload }) => {
    state.name = String(payload);
    await connection.join("room");
  });
  register.onEvent("say", ({ connections, state, payload }) =>
    connections.room("room").send("said", { from: state.name, text: payload }),
  );
  return register;
}

export class Room extends ZapDurableObject(() => createRegister()) {}

export default {
  fetch(request: Request, { ROOM }: Env): Response | Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/ws") return new Response("a page");
    return ROOM.get(ROOM.idFromName(searchParams.get("room") ?? "lobby")).fetch(request);
  },
};

interface Env {
  readonly ROOM: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}
