// Any register can be served, attached and plugged, whatever its contract and state.
import type { EventProcessor, EventRegister, Pluggable } from "zaptools";
import { defineEvents, EventRegister as Register, type } from "zaptools";
import {
  attach,
  NodeConnector,
  serve,
  type UpgradeRequest,
  type UpgradeServer,
  type WsSocket,
  type ZapServer,
} from "zaptools/node";
import { chat } from "./contract.ts";
import { exactly } from "./expect.ts";

declare const socket: WsSocket;
declare const request: UpgradeRequest;
declare const server: UpgradeServer;

const typed = new Register(chat).withState<{ name: string }>();
const oneWay = new Register(defineEvents({ clientToServer: { a: type<string>() } }));
exactly<Promise<ZapServer>>()(serve(typed, { port: 0 }));
for (const register of [new Register(), new Register<{ hello: string }>()]) serve(register);
serve(oneWay);
serve(new Register<{ hello: string }>(), { port: 0, path: "/ws", host: "127.0.0.1" });
attach(server, typed, { path: "/ws" });

const processor = NodeConnector.plug(typed, socket, request);
exactly<EventProcessor<typeof chat, { name: string }>>()(processor);
exactly<Promise<void>>()(processor.startEventStream());
exactly<string>()(processor.connection.state.name);
processor.connection.send("tick");

// @ts-expect-error A name that the contract does not know.
processor.connection.send("tock");
// @ts-expect-error Not a register.
serve({});
// @ts-expect-error An option that does not exist.
serve(typed, { prot: 8000 });

// What users write over registers takes any of them.
export function setUp<C extends object, S>(register: EventRegister<C, S>): Pluggable<EventProcessor<C, S>> {
  register.onEvent("disconnected", ({ payload }) => payload.code);
  return register;
}
setUp(typed);
setUp(new Register());
