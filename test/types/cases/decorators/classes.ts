// Class style. Compiled with the standard decorators and with the legacy ones.
import { type AnyContext, type EventContext, EventRegister, type LifecycleContext } from "zaptools";
import { on, onFor } from "zaptools/decorators";
import { chat } from "../contract.ts";

type Chat = typeof chat;

export class Rooms {
  @on("chat:say")
  say({ payload, connections }: EventContext<Chat, "chat:say">): void {
    connections.room(payload.room).send("chat:said", { from: "", at: payload.text });
  }

  @on("typing", { handlerMs: 500 })
  @on("ping")
  async several(context: EventContext<Chat, "typing"> | EventContext<Chat, "ping">): Promise<string> {
    return context.eventName;
  }

  @on("room:join")
  private join({ payload }: EventContext<Chat, "room:join">) {
    return { members: [payload.room, this.join.name] };
  }

  @on("bye")
  nothing() {}

  @on("count")
  any({ payload }: AnyContext<Chat, { name: string }>) {
    return payload;
  }

  @on("disconnected")
  gone({ payload }: LifecycleContext<Chat, "disconnected">) {
    return payload.code;
  }

  // @ts-expect-error The context of another event.
  @on("chat:say")
  wrongContext(_context: EventContext<Chat, "typing">) {}

  // @ts-expect-error A handler gets nothing but the context.
  @on("chat:say")
  twoParameters(_context: EventContext<Chat, "chat:say">, _more: string) {}

  // @ts-expect-error The name is missing.
  @on
  noName(_context: EventContext<Chat, "chat:say">) {}

  // @ts-expect-error Not a method.
  @on("chat:say")
  field = (_context: EventContext<Chat, "chat:say">) => {};

  // @ts-expect-error An option that does not exist.
  @on("chat:say", { handlerMS: 12 })
  wrongOption() {}
}

interface Session {
  name: string;
}
const onChat = onFor<Chat, Session>();

export class TypedRooms {
  @onChat("chat:say")
  say({ payload, state }: EventContext<Chat, "chat:say", Session>): string {
    return payload.text + state.name;
  }

  @onChat("room:join")
  async join({ payload }: EventContext<Chat, "room:join", Session>) {
    return { members: [payload.room] };
  }

  @onChat("room:leave")
  leave(): void {}

  @onChat("error", { override: true })
  failed({ payload }: LifecycleContext<Chat, "error", Session>) {
    return payload.error;
  }

  // @ts-expect-error A name that the contract does not know.
  @onChat("chat:sya")
  wrongName() {}

  // @ts-expect-error The context of another event.
  @onChat("chat:say")
  wrongContext(_context: EventContext<Chat, "typing", Session>) {}

  // @ts-expect-error Another state.
  @onChat("chat:say")
  wrongState(_context: EventContext<Chat, "chat:say", { age: number }>) {}

  // @ts-expect-error A reply of the wrong type.
  @onChat("room:join")
  wrongReply() {
    return { members: [12] };
  }

  // @ts-expect-error No reply.
  @onChat("room:join")
  noReply() {}
}

const register = new EventRegister(chat);
register
  .add(new Rooms())
  .add({ rooms: 1 })
  .onEvent("typing", () => {});
// @ts-expect-error Not an object.
register.add("Rooms");
