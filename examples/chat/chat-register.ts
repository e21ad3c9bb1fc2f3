// The chat itself: who joins, speaks and leaves, and who hears of it. Knows no HTTP and no sockets.
import { type DefaultState, type EventContext, EventRegister, type RoomChange, ZapError } from "zaptools";
import { type Chat, chat } from "./contract.ts";
import { membersOnly, timed } from "./middleware.ts";

/** What a connection carries in its room. */
interface Member {
  readonly name: string;
}

// The names of a room go into one envelope, and so do those of the rooms listed: both have to fit its 64 KiB.
const NAMES_BYTES = 32_768;
const ROOMS_LISTED = 30;

/** The codes a peer is told as they are. Any other error is the server's own business. */
const TOLD: ReadonlySet<string> = new Set(["invalid_payload", "not_joined", "room_full"]);

/**
 * Makes the register of the chat.
 *
 * @param log - Takes a line for each event that was handled, and for each that failed.
 */
export function createChatRegister(log: (line: string) => void): EventRegister<Chat> {
  const register: EventRegister<Chat> = new EventRegister(chat, {
    onJoin: (change) => announce("chat:joined", change),
    onLeave: (change) => announce("chat:left", change),
  });

  register.use(timed(log));
  register.use("chat:say", membersOnly());
  register.use("chat:typing", membersOnly());

  register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

  register.onEvent("room:list", () => {
    const rooms = register.connections.rooms().map(({ name, size }) => ({ name, members: size }));
    return { rooms: rooms.sort((a, b) => b.members - a.members).slice(0, ROOMS_LISTED) };
  });

  register.onEvent("chat:join", async (context) => {
    const { connection, payload } = context;
    if (connection.rooms.includes(payload.room) && nameIn(payload.room, connection) === payload.name) {
      return { members: namesIn(payload.room) };
    }
    assertRoomLeft(context);
    for (const room of connection.rooms) connection.leave(room);
    await connection.join(payload.room, { name: payload.name } satisfies Member);
    return { members: namesIn(payload.room) };
  });

  register.onEvent("chat:say", ({ connection, payload, connections }) => {
    const at = Date.now();
    for (const room of connection.rooms) {
      connections.room(room).send("chat:said", { from: nameIn(room, connection), text: payload.text, at });
    }
    return { at };
  });

  register.onEvent("chat:typing", ({ connection, connections }) => {
    for (const room of connection.rooms) {
      // Worth nothing a moment later, so a slow peer is spared it.
      const options = { exclude: connection, volatile: true };
      connections.room(room).send("chat:typing", { from: nameIn(room, connection) }, options);
    }
  });

  register.onEvent("error", ({ connection, payload: { eventName, error } }) => {
    log(`${eventName} of ${connection.id} failed: ${error instanceof Error ? error.message : String(error)}`);
    // A request has been answered by now. A peer that sent a plain event learns here why nothing came of it.
    connection.send("error", { eventName, ...reasonOf(error) });
  });

  function announce(eventName: "chat:joined" | "chat:left", { room, meta }: RoomChange<Chat, DefaultState>): void {
    // Nobody but "chat:join" lets anyone into a room, and it gives everyone a name.
    const { name } = meta as Member;
    register.connections.room(room).send(eventName, { name, members: namesIn(room) });
  }

  function namesIn(room: string): string[] {
    const view = register.connections.room<Member>(room);
    return view.members().map((connection) => view.meta(connection)?.name ?? "");
  }

  function nameIn(room: string, connection: EventContext<Chat, "chat:say">["connection"]): string {
    return register.connections.room<Member>(room).meta(connection)?.name ?? "";
  }

  function assertRoomLeft(context: EventContext<Chat, "chat:join">): void {
    const names = namesIn(context.payload.room);
    if (Buffer.byteLength(JSON.stringify([...names, context.payload.name])) <= NAMES_BYTES) return;
    context.fail("room_full", { members: names.length }, "This room is full. Choose another one.");
  }

  return register;
}

/** The reason in the shape that error replies have. */
function reasonOf(error: unknown): { code: string; message: string; details?: unknown } {
  if (!(error instanceof ZapError) || !TOLD.has(error.code)) return { code: "internal", message: "That failed." };
  const { code, message, details } = error;
  return { code, message, details };
}
