// Splitting a register: groups by prefix, and registers that are merged.
import { defineEvents, EventRegister, type } from "zaptools";
import { chat } from "./contract.ts";
import { exactly } from "./expect.ts";

const group = new EventRegister(chat).group("chat:");
group.onEvent("say", ({ eventName, payload, connection }) => {
  exactly<"chat:say">()(eventName);
  exactly<string>()(payload.text);
  connection.send("tick");
});
group.onEvent("edit", ({ payload }) => exactly<number>()(payload.id));
group.use((_context, next) => next());
new EventRegister(chat).group("room:").onEvent("join", ({ payload }) => ({ members: [payload.room] }));
new EventRegister(chat)
  .group("ro")
  .group("om:")
  .onEvent("leave", () => {});
// @ts-expect-error A name the group does not have.
group.onEvent("sya", () => {});
// @ts-expect-error The prefix goes without saying.
group.onEvent("chat:say", () => {});
// @ts-expect-error An event outside of the group.
group.onEvent("typing", () => {});
// @ts-expect-error A reply of the wrong type.
new EventRegister(chat).group("room:").onEvent("join", () => 12);
// @ts-expect-error Nothing begins like this.
new EventRegister(chat).group("chatt:").onEvent("say", () => {});

// Parts of an application have contracts of their own; the whole has all of them.
const files = defineEvents({
  clientToServer: { "file:read": { request: type<string>(), reply: type<string>() } },
  serverToClient: { "file:changed": type<string>() },
});
const users = defineEvents({ clientToServer: { "user:rename": type<string>() } });
const all = defineEvents({
  clientToServer: { ...files.clientToServer, ...users.clientToServer },
  serverToClient: { ...files.serverToClient },
});
const fileRegister = new EventRegister(files);
fileRegister.onEvent("file:read", ({ payload }) => payload);
const userRegister = new EventRegister(users).withState<{ name: string }>();
const whole = new EventRegister(all).withState<{ name: string; visits: number }>();
exactly<typeof whole>()(whole.merge(fileRegister).merge(userRegister, { override: true }));
whole.onEvent("file:read", async ({ payload }) => payload);
new EventRegister().merge(whole.withState());
new EventRegister<{ a: string; b: number }>().merge(new EventRegister<{ a: string }>());

// @ts-expect-error The part has events that the whole has not.
fileRegister.merge(new EventRegister(all));
// @ts-expect-error The part describes an event otherwise.
whole.merge(new EventRegister(defineEvents({ clientToServer: { "user:rename": type<number>() } })));
// @ts-expect-error The part expects fields of the state that the whole has not.
userRegister.merge(new EventRegister(users).withState<{ age: number }>());
// @ts-expect-error A register without contract handles and sends whatever it likes.
whole.merge(new EventRegister());
// @ts-expect-error Not a register.
whole.merge({});
