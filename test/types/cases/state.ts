// The state of a connection, and what middleware and lifecycle handlers get.
import {
  type AnyContext,
  EventRegister,
  type Handshake,
  type LifecycleContext,
  type Middleware,
  type Next,
} from "zaptools";
import { chat } from "./contract.ts";
import { exactly } from "./expect.ts";

interface Session {
  name: string;
  visits: number;
}

const register = new EventRegister(chat).withState<Session>(() => ({ name: "", visits: 0 }));
register.onEvent("typing", ({ connection, state, connections }) => {
  exactly<Session>()(connection.state);
  exactly<Session>()(state);
  connection.state.visits += 1;
  for (const other of connections.all()) exactly<string>()(other.state.name);
  exactly<Session | undefined>()(connections.get("zpt-1")?.state);
  for (const member of connections.room("lobby").members()) exactly<number>()(member.state.visits);
  // @ts-expect-error A field the state does not have.
  state.nmae;
});
exactly<EventRegister<typeof chat, { name: string }>>()(new EventRegister(chat, { state: () => ({ name: "" }) }));
exactly<EventRegister<typeof chat, Session>>()(new EventRegister(chat).withState<Session>());
// @ts-expect-error The state that is made lacks a field.
new EventRegister(chat).withState<Session>(() => ({ name: "" }));
// Without a type of its own, the state takes anything and gives unknown.
new EventRegister(chat).onEvent("typing", ({ state }) => {
  state.name = "a";
  exactly<unknown>()(state.name);
});

register.onEvent("connected", (context) => {
  exactly<LifecycleContext<typeof chat, "connected", Session>>()(context);
  exactly<Handshake>()(context.payload);
  exactly<string | null>()(context.payload.headers.get("user-agent"));
  context.connection.send("tick");
});
register.onEvent("disconnected", ({ eventName, payload, state }) => {
  exactly<"disconnected">()(eventName);
  exactly<{ readonly code: number; readonly reason: string }>()(payload);
  exactly<Session>()(state);
  // @ts-expect-error A field the payload does not have.
  payload.cde;
});
register.onEvent("error", ({ payload }) => {
  exactly<string>()(payload.eventName);
  exactly<unknown>()(payload.error);
});
// @ts-expect-error A lifecycle event is not answered.
register.onEvent("connected", (context) => context.reply(1));

register.use(async (context, next) => {
  exactly<AnyContext<typeof chat, Session>>()(context);
  exactly<unknown>()(context.payload);
  exactly<string>()(context.eventName);
  exactly<Next>()(next);
  context.state.name = "a";
  await next();
});
register.use("chat:say", (_context, next) => next());
register.use("chat:*", (_context, next) => next());
const timed: Middleware<typeof chat, Session> = (_context, next) => next();
register.use(timed).use("typing", timed);
// @ts-expect-error A name that the contract does not know.
register.use("chat:sya", (_context, next) => next());
// @ts-expect-error A field the state does not have.
register.use((context) => context.state.nmae);
// @ts-expect-error next takes no arguments.
register.use((_context, next) => next(1));
