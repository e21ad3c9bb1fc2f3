// The client: the same contract from the other end.
import { EventRegister, type SendOutcome } from "zaptools";
import {
  type AnyClientEvent,
  type ClientEvent,
  type ClientStatus,
  type Snapshot,
  ZapClient,
  ZapError,
} from "zaptools/client";
import { chat } from "./contract.ts";
import { exactly } from "./expect.ts";

const client = new ZapClient<typeof chat>("ws://localhost:8000/ws", { token: async () => "token" });
exactly<ZapClient<typeof chat>>()(new ZapClient("ws://localhost:8000/ws", { contract: chat }));
new ZapClient<typeof chat>(async () => new URL("ws://localhost:8000/ws"), { limits: { depth: 8 }, queueLimit: 12 });
// @ts-expect-error An option that does not exist.
new ZapClient<typeof chat>("ws://localhost:8000/ws", { tokn: "token" });
// @ts-expect-error The address is missing.
new ZapClient<typeof chat>();

// The client sends what the server's handlers take, as their schemas take it.
exactly<Promise<SendOutcome>>()(client.send("chat:say", { room: "lobby", text: "hi" }));
client.send("chat:edit", { id: 1 });
client.send("ping");
client.send("bye");
client.send("ping", undefined, { trace: 1 }, { volatile: true });
// @ts-expect-error A name that the contract does not know.
client.send("chat:sya", { room: "lobby", text: "hi" });
// @ts-expect-error An event that only the server sends.
client.send("chat:said", { from: "a", at: "" });
// @ts-expect-error The payload is missing.
client.send("chat:say");
// @ts-expect-error A field is missing.
client.send("chat:say", { room: "lobby" });
// @ts-expect-error A field has the wrong type.
client.send("chat:say", { room: "lobby", text: 12 });
// @ts-expect-error An event without payload takes none.
client.send("ping", 12);

// It gets what the contract makes of what the server sent.
client.onEvent("chat:said", (event) => {
  exactly<ClientEvent<typeof chat, "chat:said">>()(event);
  exactly<"chat:said">()(event.eventName);
  exactly<{ from: string; at: Date }>()(event.payload);
  exactly<unknown>()(event.headers.trace);
});
client.onEvent("chat:moved", ({ payload }) => exactly<number>()(payload));
client.onEvent("notice", ({ payload }) => exactly<string | null>()(payload));
const stop: () => void = client.onEvent("tick", () => {});
exactly<() => void>()(stop);
client.once("chat:moved", ({ payload }) => exactly<number>()(payload));
exactly<() => void>()(client.onAnyEvent((event) => exactly<AnyClientEvent>()(event)));
for await (const { payload } of client.events("chat:said", { signal: AbortSignal.timeout(10) }))
  exactly<Date>()(payload.at);
// @ts-expect-error A name that the contract does not know.
client.onEvent("chat:siad", () => {});
// @ts-expect-error An event that only clients send.
client.onEvent("chat:say", () => {});
// @ts-expect-error A field the payload does not have.
client.onEvent("chat:said", ({ payload }) => payload.txt);
// @ts-expect-error A name that the contract does not know.
client.once("chat:siad", () => {});
// @ts-expect-error A name that the contract does not know.
client.events("chat:siad");

// It asks, and is asked.
exactly<{ members: string[] }>()(await client.request("room:join", { room: "lobby" }, { timeout: 5_000 }));
exactly<number>()(await client.request("count", "12", { signal: AbortSignal.timeout(10), headers: { trace: 1 } }));
exactly<null>()(await client.request("room:leave", { room: "lobby" }));
client.onEvent("confirm", ({ payload }) => payload.question === "?");
client.onEvent("confirm", async ({ payload }) => payload.question === "?");
client.onEvent("confirm", () => {
  throw new ZapError("busy", "Ask me later.", { until: 12 });
});
// @ts-expect-error A name that the contract does not know.
client.request("room:jion", { room: "lobby" });
// @ts-expect-error An event that is not a request.
client.request("chat:say", { room: "lobby", text: "hi" });
// @ts-expect-error A request that only the server makes.
client.request("confirm", { question: "?" });
// @ts-expect-error The payload is missing.
client.request("room:join");
// @ts-expect-error A field has the wrong type.
client.request("room:join", { room: 12 });
// @ts-expect-error An option that does not exist.
client.request("room:join", { room: "lobby" }, { timout: 5_000 });
// @ts-expect-error A reply of the wrong type.
client.onEvent("confirm", () => "yes");
// @ts-expect-error No reply.
client.onEvent("confirm", async () => {});

// What a request failed with.
try {
  await client.request("room:join", { room: "lobby" });
} catch (error) {
  if (client.isFailure("room:join", error)) {
    if (error.code === "full") exactly<{ max: number }>()(error.details);
    if (error.code === "invalid_payload") exactly<string | undefined>()(error.details?.issues[0]?.message);
    if (error.code === "timeout") exactly<string>()(error.message);
    // @ts-expect-error A code that the contract does not declare.
    if (error.code === "ful") exactly<string>()(error.message);
  }
  // @ts-expect-error Not a request.
  client.isFailure("chat:say", error);
}

exactly<Snapshot>()(client.getSnapshot());
client.onStateChange((status) => exactly<ClientStatus>()(status));
client.subscribe((snapshot) => exactly<number | undefined>()(snapshot.retryAt));
exactly<Promise<void>>()(client.connect());
exactly<Promise<void>>()(client.close());

// Without a contract: any name, payloads unknown.
const untyped = new ZapClient("ws://localhost:8000/ws");
exactly<ZapClient>()(untyped);
exactly<ZapClient>()(new ZapClient("ws://localhost:8000/ws", { queueLimit: 12, onError: () => {} }));
untyped.send("anything", { any: 1 });
untyped.send("anything");
untyped.onEvent("hello", ({ payload }) => exactly<unknown>()(payload));
exactly<unknown>()(await untyped.request("question", 12));
// @ts-expect-error A payload of unknown type has no fields.
untyped.onEvent("hello", ({ payload }) => payload.text);

// With a plain map of types.
const plain = new ZapClient<{ hello: string; ping: undefined }>("ws://localhost:8000/ws");
plain.send("hello", "text");
plain.send("ping");
plain.onEvent("hello", ({ payload }) => exactly<string>()(payload));
// @ts-expect-error The payload has the wrong type.
plain.send("hello", 12);

// A client of the contract of a register, by its type alone.
const register = new EventRegister(chat);
type ContractOf<R> = R extends EventRegister<infer C, infer _S> ? C : never;
exactly<ZapClient<typeof chat>>()(new ZapClient<ContractOf<typeof register>>("ws://localhost:8000/ws"));
