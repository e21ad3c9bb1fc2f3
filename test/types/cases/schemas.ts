// Contracts: what may stand in one, and what each validator makes of the types.
import { type as ark } from "arktype";
import * as v from "valibot";
import {
  type ContractShape,
  defineEvents,
  type EventName,
  type ReceivedPayload,
  type ReceivedReply,
  type RequestName,
  type SentPayload,
  type SentReply,
  type StandardSchema,
  type,
} from "zaptools";
import { z } from "zod";
import type { chat } from "./contract.ts";
import type { Equal, Expect } from "./expect.ts";

type Chat = typeof chat;
type In = "clientToServer";
type Out = "serverToClient";

export type _Names = [
  Expect<
    Equal<
      EventName<Chat, In>,
      "chat:say" | "chat:edit" | "typing" | "ping" | "bye" | "room:join" | "room:leave" | "count"
    >
  >,
  Expect<Equal<RequestName<Chat, In>, "room:join" | "room:leave" | "count">>,
  Expect<Equal<RequestName<Chat, Out>, "confirm">>,
];

// Sent is the schema's input, received its output.
export type _Zod = [
  Expect<Equal<SentPayload<Chat, Out, "chat:said">, { from: string; at: string }>>,
  Expect<Equal<ReceivedPayload<Chat, Out, "chat:said">, { from: string; at: Date }>>,
  Expect<Equal<SentPayload<Chat, In, "count">, string>>,
  Expect<Equal<ReceivedPayload<Chat, In, "count">, number>>,
];
export type _Valibot = [
  Expect<Equal<SentPayload<Chat, Out, "chat:moved">, string>>,
  Expect<Equal<ReceivedPayload<Chat, Out, "chat:moved">, number>>,
  Expect<Equal<SentReply<Chat, In, "count">, string>>,
  Expect<Equal<ReceivedReply<Chat, In, "count">, number>>,
  Expect<Equal<SentPayload<Chat, In, "chat:edit">, { id: number; text?: string | undefined }>>,
  Expect<Equal<ReceivedPayload<Chat, In, "chat:edit">, { id: number; text: string }>>,
];
export type _Arktype = [
  Expect<Equal<SentPayload<Chat, Out, "chat:closed">, string>>,
  Expect<Equal<ReceivedPayload<Chat, Out, "chat:closed">, number>>,
  Expect<Equal<SentReply<Chat, In, "room:join">, { members: string[] }>>,
  Expect<Equal<ReceivedReply<Chat, In, "room:join">, { members: string[] }>>,
];
export type _TypeOnly = [
  Expect<Equal<SentPayload<Chat, In, "typing">, { room: string }>>,
  Expect<Equal<ReceivedPayload<Chat, In, "typing">, { room: string }>>,
  Expect<Equal<SentPayload<Chat, Out, "notice">, string | undefined>>,
  Expect<Equal<ReceivedPayload<Chat, Out, "notice">, string | null>>,
  Expect<Equal<ReceivedReply<Chat, In, "room:leave">, null>>,
];

// Whatever validates by the standard goes, with anything in it.
const any = defineEvents({
  clientToServer: {
    a: z.any(),
    b: z.unknown(),
    c: z.union([z.object({ kind: z.literal("x") }), z.object({ kind: z.literal("y"), n: z.number() })]),
    d: v.pipeAsync(
      v.string(),
      v.checkAsync(async () => true),
    ),
    e: v.variant("kind", [v.object({ kind: v.literal("x") })]),
    f: ark("string").pipe((text) => text.length),
    g: ark({ "name?": "string" }),
    h: {} as StandardSchema<string, number>,
    i: z.lazy(() => z.string()),
  },
});
type Any = typeof any;
export type _Any = [
  Expect<Equal<ReceivedPayload<Any, In, "b">, unknown>>,
  Expect<Equal<ReceivedPayload<Any, In, "c">, { kind: "x" } | { kind: "y"; n: number }>>,
  Expect<Equal<ReceivedPayload<Any, In, "d">, string>>,
  Expect<Equal<ReceivedPayload<Any, In, "f">, number>>,
  Expect<Equal<ReceivedPayload<Any, In, "g">, { name?: string }>>,
  Expect<Equal<SentPayload<Any, In, "h">, string>>,
  Expect<Equal<ReceivedPayload<Any, In, "h">, number>>,
  Expect<Equal<ReceivedPayload<Any, In, "i">, string>>,
  // One direction may be left out; it has no names then.
  Expect<Equal<EventName<Any, Out>, never>>,
];
// A contract whose type was widened says nothing of its names.
export type _Wide = [
  Expect<Equal<EventName<ContractShape, In>, string>>,
  Expect<Equal<ReceivedPayload<ContractShape, In, "any">, unknown>>,
];

// @ts-expect-error Not a direction.
defineEvents({ clientToServr: { a: type<string>() } });
// @ts-expect-error Not a schema.
defineEvents({ clientToServer: { a: 12 } });
// @ts-expect-error Not a schema either, but its type.
defineEvents({ clientToServer: { a: { room: "string" } } });
// @ts-expect-error A request without reply.
defineEvents({ clientToServer: { a: { request: type<string>() } } });
// @ts-expect-error An error without schema.
defineEvents({ clientToServer: { a: { request: type<1>(), reply: type<1>(), errors: { full: true } } } });
