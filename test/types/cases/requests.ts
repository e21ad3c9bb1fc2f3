// Requests in both directions: payloads, replies, declared errors.
import { EventRegister, type Replied, type RequestFailure, type RoomAnswer, ZapError } from "zaptools";
import { chat } from "./contract.ts";
import { type Equal, type Expect, exactly } from "./expect.ts";

const register = new EventRegister(chat);

// The reply is what the handler returns, at once or later, as the reply's schema takes it.
register.onEvent("room:join", ({ payload }) => ({ members: [payload.room] }));
register.onEvent("room:join", async ({ payload }) => ({ members: [payload.room] }));
register.onEvent("count", () => "12");
register.onEvent("room:join", (context) => {
  exactly<Replied>()(context.reply({ members: [] }));
  return context.reply({ members: [] });
});
register.onEvent("room:join", async ({ reply }) => reply({ members: [] }));
// A request that is only acknowledged needs no return.
register.onEvent("room:leave", () => {});
register.onEvent("room:leave", async () => {});
register.onEvent("room:leave", () => undefined);
register.onEvent("room:leave", ({ connection, payload }) => void connection.leave(payload.room));
// What is not a request may return anything.
register.onEvent("typing", () => 12);

// @ts-expect-error No reply at all.
register.onEvent("room:join", () => {});
// @ts-expect-error No reply at all.
register.onEvent("room:join", async () => {});
// @ts-expect-error A field is missing.
register.onEvent("room:join", () => ({}));
// @ts-expect-error A field has the wrong type.
register.onEvent("room:join", () => ({ members: [1] }));
// @ts-expect-error A field has the wrong type, later.
register.onEvent("room:join", async () => ({ members: [1] }));
// @ts-expect-error The output of a transform is not its input.
register.onEvent("count", () => 12);
// @ts-expect-error A reply of the wrong type.
register.onEvent("room:join", ({ reply }) => reply({ members: [1] }));
// @ts-expect-error Nothing is to be replied.
register.onEvent("room:leave", () => 12);

// Declared errors: the code, and its details.
register.onEvent("room:join", ({ fail }) => fail("full", { max: 12 }));
register.onEvent("room:join", ({ fail }) => fail("full", { max: 12 }, "The room is full."));
register.onEvent("room:join", ({ fail }) => fail("banned"));
register.onEvent("room:join", (context) => {
  if (context.payload.room === "") context.fail("full", { max: 12 });
  return { members: [] };
});
register.onEvent("room:join", () => {
  throw new ZapError("anything_else", "Errors that are not declared are thrown.");
});
// @ts-expect-error A code that is not declared.
register.onEvent("room:join", ({ fail }) => fail("ful", { max: 12 }));
// @ts-expect-error The details are missing.
register.onEvent("room:join", ({ fail }) => fail("full"));
// @ts-expect-error A detail has the wrong type.
register.onEvent("room:join", ({ fail }) => fail("full", { max: "12" }));
// @ts-expect-error A declared error without details takes none.
register.onEvent("room:join", ({ fail }) => fail("banned", { max: 12 }));
// @ts-expect-error This request declares no errors.
register.onEvent("room:leave", ({ fail }) => fail("full", { max: 12 }));

// The server asks the client.
register.onEvent("typing", async ({ connection, connections }) => {
  exactly<boolean>()(await connection.request("confirm", { question: "?" }));
  exactly<boolean>()(
    await connection.request("confirm", { question: "?" }, { timeout: 500, signal: new AbortController().signal }),
  );
  exactly<RoomAnswer<boolean>[]>()(await connections.room("lobby").request("confirm", { question: "?" }));
  // @ts-expect-error A name that the contract does not know.
  connection.request("confrim", { question: "?" });
  // @ts-expect-error An event that is not a request.
  connection.request("chat:said", { from: "a", at: "" });
  // @ts-expect-error A request that only clients make.
  connection.request("room:join", { room: "a" });
  // @ts-expect-error The payload is missing.
  connection.request("confirm");
  // @ts-expect-error A field has the wrong type.
  connection.request("confirm", { question: 1 });
  // @ts-expect-error An option that does not exist.
  connection.request("confirm", { question: "?" }, { timout: 500 });
  // @ts-expect-error The reply has another type.
  exactly<string>()(await connection.request("confirm", { question: "?" }));
  // @ts-expect-error The payload is missing.
  connections.room("lobby").request("confirm");
});

// What a request may fail with is told apart by its code.
type Failure = RequestFailure<typeof chat, "clientToServer", "room:join">;
export function explain(failure: Failure): string {
  switch (failure.code) {
    case "full":
      exactly<{ max: number }>()(failure.details);
      return `at most ${failure.details.max}`;
    case "banned":
      exactly<null>()(failure.details);
      return "banned";
    case "invalid_payload":
      return failure.details?.issues[0]?.path.join(".") ?? "";
    case "timeout":
    case "disconnected":
    case "cancelled":
    case "too_many_requests":
    case "unknown_event":
    case "internal":
    case "handler_timeout":
    case "not_handled":
      return failure.message;
    // @ts-expect-error A code that the contract does not declare.
    case "ful":
      return "";
  }
}
export type _Codes = Expect<
  Equal<
    RequestFailure<typeof chat, "serverToClient", "confirm">["code"],
    | "busy"
    | "invalid_payload"
    | "timeout"
    | "disconnected"
    | "cancelled"
    | "too_many_requests"
    | "unknown_event"
    | "internal"
    | "handler_timeout"
    | "not_handled"
  >
>;
