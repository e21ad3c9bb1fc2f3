// The chat itself: who joins, speaks and leaves, and who hears of it. Knows no HTTP and no sockets.
import { type Broker, type DefaultState, type EventContext, EventRegister, type RoomChange, ZapError } from "zaptools";
import { type Chat, chat } from "./contract.ts";
import { membersOnly, timed } from "./middleware.ts";
import { People } from "./people.ts";

/** What a connection carries in its room. */
interface Member {
  readonly name: string;
  readonly visit: string | undefined;
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
 * @param options - `broker`: joins the rooms of several processes.
 */
export function createChatRegister(
  log: (line: string) => void,
  options: { readonly broker?: Broker } = {},
): EventRegister<Chat> {
  const register: EventRegister<Chat> = new EventRegister(chat, {
    ...options,
    onJoin: ({ connection, room, meta }) => {
      const { name, visit } = memberOf(meta);
      people.came(room, { id: connection.id, name, visit: visit ?? connection.id, since: Date.now() });
    },
    onLeave: ({ connection, room }: RoomChange<Chat, DefaultState>) => people.left(room, connection.id),
  });
  const people = new People(register.connections.cluster, (change, room, { name }) => {
    const eventName = change === "came" ? "chat:joined" : "chat:left";
    // Each node tells its own members, in the order in which it learned of it.
    register.connections.room(room).send(eventName, { name, members: people.names(room) }, { local: true });
  });

  register.use(timed(log));
  register.use("chat:say", membersOnly());
  register.use("chat:typing", membersOnly());

  register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

  register.onEvent("room:list", () => {
    const rooms = people.rooms().sort((a, b) => b.members - a.members);
    return { rooms: rooms.slice(0, ROOMS_LISTED) };
  });

  register.onEvent("chat:node", () => ({ node: register.connections.cluster.id }));

  register.onEvent("chat:join", async (context) => {
    const { connection, payload } = context;
    if (connection.rooms.includes(payload.room) && nameIn(payload.room, connection) === payload.name) {
      return { members: people.names(payload.room) };
    }
    assertRoomLeft(context);
    for (const room of connection.rooms) connection.leave(room);
    await connection.join(payload.room, { name: payload.name, visit: payload.visit } satisfies Member);
    return { members: people.names(payload.room) };
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

  function nameIn(room: string, connection: EventContext<Chat, "chat:say">["connection"]): string {
    return register.connections.room<Member>(room).meta(connection)?.name ?? "";
  }

  function assertRoomLeft(context: EventContext<Chat, "chat:join">): void {
    const names = people.names(context.payload.room);
    if (Buffer.byteLength(JSON.stringify([...names, context.payload.name])) <= NAMES_BYTES) return;
    context.fail("room_full", { members: names.length }, "This room is full. Choose another one.");
  }

  return register;
}

/** Nobody but "chat:join" lets anyone into a room, and it gives everyone a name. */
function memberOf(meta: unknown): Member {
  return meta as Member;
}

/** The reason in the shape that error replies have. */
function reasonOf(error: unknown): { code: string; message: string; details?: unknown } {
  if (!(error instanceof ZapError) || !TOLD.has(error.code)) return { code: "internal", message: "That failed." };
  const { code, message, details } = error;
  return { code, message, details };
}
