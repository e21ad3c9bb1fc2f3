// What applications export from their modules: contracts and registers, whose types the compiler has to write out.
import * as v from "valibot";
import { defineEvents, EventRegister, type } from "zaptools";

export const chat = defineEvents({
  clientToServer: {
    "chat:say": v.object({ text: v.pipe(v.string(), v.maxLength(500)) }),
    "room:join": { request: type<{ room: string }>(), reply: type<string[]>(), errors: { full: type<undefined>() } },
  },
  serverToClient: { "chat:said": type<{ text: string }>() },
});
export const register = new EventRegister(chat).withState(() => ({ name: "" }));
export const group = register.group("chat:");
export const remove = group.onEvent("say", () => {});
export const lobby = register.connections.room("lobby");
export const everyone = register.connections.to("lobby").except("zpt-1");
export const find = (id: string) => register.connections.get(id);
