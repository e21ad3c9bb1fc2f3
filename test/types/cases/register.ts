// Handlers on the server: names, payloads, and what they may send.
import { type EventContext, EventRegister, type SendOutcome } from "zaptools";
import { chat } from "./contract.ts";
import { type Equal, type Expect, exactly } from "./expect.ts";

const register = new EventRegister(chat);

register.onEvent("chat:say", ({ eventName, payload, headers, signal, connection, connections }) => {
  exactly<"chat:say">()(eventName);
  exactly<{ room: string; text: string }>()(payload);
  exactly<unknown>()(headers.trace);
  exactly<AbortSignal>()(signal);
  exactly<string>()(connection.id);
  exactly<number>()(connections.size);
});
register.onEvent("typing", ({ payload }) => exactly<{ room: string }>()(payload));

// The receiver gets what the schema makes of the payload.
register.onEvent("chat:edit", ({ payload }) => exactly<{ id: number; text: string }>()(payload));
register.onEvent("count", ({ payload }) => {
  exactly<number>()(payload);
  return "1";
});
// What is sent as undefined arrives as null.
register.onEvent("ping", ({ payload }) => exactly<null>()(payload));

// A handler may be written elsewhere, against the contract.
function say(context: EventContext<typeof chat, "chat:say">): void {
  exactly<string>()(context.payload.text);
}
register.onEvent("chat:say", say);
register.onEvent("chat:say", say, { override: true, handlerMs: 100 });
// Several events may have one handler.
for (const name of ["typing", "ping"] as const) {
  register.onEvent(name, ({ eventName, payload, connection }) => {
    exactly<"typing" | "ping">()(eventName);
    exactly<{ room: string } | null>()(payload);
    exactly<string>()(connection.id);
  });
}
const remove = register.onEvent("typing", () => {});
exactly<() => void>()(remove);

// @ts-expect-error A name that the contract does not know.
register.onEvent("chat:sya", () => {});
// @ts-expect-error A name that the contract does not know.
export type _NoContext = EventContext<typeof chat, "chat:sya">;
// @ts-expect-error An event that only the server sends.
register.onEvent("chat:said", () => {});
// @ts-expect-error A field the payload does not have.
register.onEvent("chat:say", ({ payload }) => payload.txt);
// @ts-expect-error A handler of another event.
register.onEvent("typing", say);
// @ts-expect-error Not a function.
register.onEvent("typing", "handler");
register.onEvent("chat:say", (context) => {
  // @ts-expect-error A payload cannot be changed into another.
  context.payload = { room: "", text: "" };
});
// @ts-expect-error An option that does not exist.
register.onEvent("typing", () => {}, { timeout: 3 });
// @ts-expect-error A limit that does not exist.
new EventRegister(chat, { limits: { envelopeByte: 1 } });

register.onEvent("chat:say", ({ connection }) => {
  // The sender gives what the schema takes.
  exactly<Promise<SendOutcome>>()(connection.send("chat:said", { from: "a", at: "2026-01-01" }));
  connection.send("chat:moved", "text");
  connection.send("chat:closed", "12");
  connection.send("chat:said", { from: "a", at: "" }, { trace: 1 }, { volatile: true });
  // An event without payload takes no argument; one that may have none may.
  connection.send("tick");
  connection.send("tick", undefined, { trace: 1 });
  connection.send("notice");
  connection.send("notice", "text");

  // @ts-expect-error A name that the contract does not know.
  connection.send("chat:siad", { from: "a", at: "" });
  // @ts-expect-error An event that only clients send.
  connection.send("chat:say", { room: "a", text: "b" });
  // @ts-expect-error The payload is missing.
  connection.send("chat:said");
  // @ts-expect-error A field is missing.
  connection.send("chat:said", { from: "a" });
  // @ts-expect-error A field has the wrong type.
  connection.send("chat:said", { from: 1, at: "" });
  // @ts-expect-error A field too many.
  connection.send("chat:said", { from: "a", at: "", to: "b" });
  // @ts-expect-error The output of a transform is not its input.
  connection.send("chat:moved", 4);
  // @ts-expect-error An event without payload takes none.
  connection.send("tick", 1);
  // @ts-expect-error An option that does not exist.
  connection.send("tick", undefined, {}, { volatil: true });
});

// The same holds for everything else that sends.
const { connections } = register;
connections.broadcast("chat:said", { from: "a", at: "" }, { exclude: "zpt-1", volatile: true });
connections.broadcast("tick");
connections.sendTo("zpt-1", "chat:moved", "text");
connections.room("lobby").send("chat:said", { from: "a", at: "" }, { exclude: ["zpt-1", "other"] });
connections.to("a", "b").except("c").send("tick");
type Broadcast = Awaited<ReturnType<typeof connections.broadcast>>;
export type _Counts = Expect<Equal<Broadcast, Readonly<Record<"sent" | "queued" | "dropped", number>>>>;
// @ts-expect-error A name that the contract does not know.
connections.broadcast("chat:siad", {});
// @ts-expect-error The payload is missing.
connections.broadcast("chat:said");
// @ts-expect-error A field has the wrong type.
connections.broadcast("chat:said", { from: 1, at: "" });
// @ts-expect-error The payload comes after the name.
connections.sendTo("zpt-1", { from: "a", at: "" });
// @ts-expect-error A field has the wrong type.
connections.sendTo("zpt-1", "chat:said", { from: 1, at: "" });
// @ts-expect-error An event that only clients send.
connections.room("lobby").send("chat:say", { room: "a", text: "b" });
// @ts-expect-error The payload is missing.
connections.to("a").send("chat:said");
