// A register without a contract: any name, payloads unknown. And one with a plain map of types.
import { type EnvelopeHeaders, EventRegister, type Untyped, ZapError } from "zaptools";
import { type Equal, type Expect, exactly } from "./expect.ts";

const register = new EventRegister();
exactly<EventRegister<Untyped>>()(register);
exactly<EventRegister<Untyped>>()(new EventRegister(undefined, { limits: { depth: 8 } }));

register.onEvent("hello", async ({ eventName, payload, headers, connection }) => {
  exactly<"hello">()(eventName);
  exactly<unknown>()(payload);
  exactly<EnvelopeHeaders>()(headers);
  await connection.send("hello", "HELLO FROM SERVER !!!");
  await connection.send("anything");
  exactly<unknown>()(await connection.request("question", { any: 1 }));
  return "a reply";
});
register.onEvent("hello", ({ fail }) => fail("any_code", { any: 1 }));
register.onEvent("hello", ({ reply }) => reply(1));
register.onEvent("hello", () => {
  throw new ZapError("any_code", "Why", { any: 1 });
});
register.connections.broadcast("anything", [1, 2]);
register.connections.room("lobby").send("anything");
register.group("chat:").onEvent("say", ({ eventName, payload }) => {
  exactly<"chat:say">()(eventName);
  exactly<unknown>()(payload);
});
register
  .group("chat:")
  .group("room:")
  .onEvent("join", ({ eventName }) => exactly<"chat:room:join">()(eventName));
register.use("hello", (_context, next) => next());
const name: string = "from elsewhere";
register.onEvent(name, ({ payload }) => exactly<unknown>()(payload));

// @ts-expect-error A name is a string.
register.onEvent(12, () => {});
// @ts-expect-error A payload of unknown type has no fields.
register.onEvent("hello", ({ payload }) => payload.text);
// @ts-expect-error Headers are an object.
register.onEvent("hello", ({ connection }) => connection.send("hello", 1, "headers"));

interface Events {
  hello: string;
  move: { x: number; y: number };
  maybe: string | undefined;
  ping: undefined;
}
const plain = new EventRegister<Events>();
plain.onEvent("hello", ({ payload, connection }) => {
  exactly<string>()(payload);
  connection.send("hello", "text");
  connection.send("ping");
  connection.send("maybe");
  // @ts-expect-error The payload has the wrong type.
  connection.send("hello", 12);
  // @ts-expect-error The payload is missing.
  connection.send("move");
  // @ts-expect-error A name that is not in the map.
  connection.send("helo", "text");
});
plain.onEvent("maybe", ({ payload }) => exactly<string | null>()(payload));
plain.onEvent("move", ({ payload }) => payload.x + payload.y);
plain.onEvent("disconnected", ({ payload }) => exactly<number>()(payload.code));
new EventRegister<{ hello: string }>(undefined, { limits: { depth: 8 } }).onEvent("hello", ({ payload }) =>
  exactly<string>()(payload),
);
// @ts-expect-error A name that is not in the map.
plain.onEvent("helo", () => {});
// @ts-expect-error A field the payload does not have.
plain.onEvent("move", ({ payload }) => payload.z);
export type _Plain = Expect<Equal<typeof plain, EventRegister<Events>>>;
