// Which connectors there are, and what their runtimes cannot do. The tables of the documentation are made of this.
import type { CaseName } from "./cases.ts";

/** A connector, as the contract and the documentation know it. */
interface Connector {
  /** The page of docs/ that has its column. */
  readonly page: "guide-connectors" | "guide-runtimes";
  /** Why a case does not hold. The run of the contract shows for each what is true instead. */
  readonly cannot: { readonly [name in CaseName]?: string };
}

const EARLY_BYTES_ON_BUN =
  "Bun answers 400 when bytes come before it has answered the upgrade itself; no client sends any that early.";

const UNLIMITED_ON_WORKERD =
  "workerd takes whatever is sent to a peer that does not read, and does not say how much of it waits.";

const AFTERWARDS =
  "The framework upgrades without asking: the register judges afterwards, handles nothing before, and closes with a code that says why.";

/** What cannot be where a framework upgrades without asking. */
const JUDGED_AFTERWARDS = {
  origin: AFTERWARDS,
  "refused before the upgrade": AFTERWARDS,
  "text of a refusal": AFTERWARDS,
  "refused while draining": AFTERWARDS,
};

const DROPPED_EARLY =
  "uWebSockets.js drops what comes in one packet with the upgrade request; a client has to wait for the answer (RFC 6455, section 4.1).";

const ANY_KEY_ON_WORKERD = "workerd answers any Sec-WebSocket-Key, and does not show it to the Worker.";

const FIRST_OFFERED =
  "Hono has Deno select what is offered first, which Deno finds only where the offer is written with a space after each comma; others get 500.";

const DENO_SELECTS_FIRST = {
  subprotocol: FIRST_OFFERED,
  "refused before the upgrade": FIRST_OFFERED,
  principal: FIRST_OFFERED,
  "reset during authentication": FIRST_OFFERED,
  "authenticate is told of a reset": FIRST_OFFERED,
  "broken upgrade request": "Deno takes any key.",
};

const connectors = {
  attach: { page: "guide-connectors", cannot: {} },
  express: { page: "guide-connectors", cannot: {} },
  koa: { page: "guide-connectors", cannot: {} },
  fastify: {
    page: "guide-connectors",
    cannot: {
      "other upgrades": "@fastify/websocket answers every upgrade of its server, with 404 where it has no route.",
    },
  },
  "hono (node)": {
    page: "guide-connectors",
    cannot: {
      "text of a refusal": "Hono on Node refuses an upgrade with the status and headers of a response, not its body.",
    },
  },
  nest: { page: "guide-connectors", cannot: {} },
  "nest (plug)": {
    page: "guide-connectors",
    cannot: {
      ...JUDGED_AFTERWARDS,
      "other requests": "Nest's WsAdapter cuts upgrades to paths that have no gateway, without an answer.",
      "other upgrades": "Nest's WsAdapter cuts upgrades to paths that have no gateway, without an answer.",
    },
  },
  h3: {
    page: "guide-connectors",
    cannot: { "other upgrades": "crossws answers every upgrade of its server, with 404 where there is no route." },
  },
  "h3 (crossws 0.3)": { page: "guide-connectors", cannot: {} },
  uws: {
    page: "guide-connectors",
    cannot: { "first frame": DROPPED_EARLY, "first frame, asynchronous authentication": DROPPED_EARLY },
  },
  vite: {
    page: "guide-connectors",
    cannot: {
      "other requests":
        "Vite leaves upgrades to other paths unanswered, for another plugin may take them. Other requests are left alone.",
    },
  },
  websocket: { page: "guide-connectors", cannot: {} },
  bun: {
    page: "guide-runtimes",
    cannot: { "first frame, asynchronous authentication": EARLY_BYTES_ON_BUN },
  },
  "hono (bun)": {
    page: "guide-runtimes",
    cannot: { "first frame, asynchronous authentication": EARLY_BYTES_ON_BUN },
  },
  "hono (bun, events)": {
    page: "guide-runtimes",
    cannot: { "first frame, asynchronous authentication": EARLY_BYTES_ON_BUN },
  },
  elysia: {
    page: "guide-runtimes",
    cannot: { "first frame, asynchronous authentication": EARLY_BYTES_ON_BUN },
  },
  deno: { page: "guide-runtimes", cannot: {} },
  "hono (deno)": { page: "guide-runtimes", cannot: {} },
  "hono (deno, events)": { page: "guide-runtimes", cannot: DENO_SELECTS_FIRST },
  worker: {
    page: "guide-runtimes",
    cannot: {
      rooms: "A Worker lets nobody touch a socket but the events of its own connection: others in a room get nothing.",
      "reader that does not read": UNLIMITED_ON_WORKERD,
      "broken upgrade request": ANY_KEY_ON_WORKERD,
      drain:
        "A Worker lets nobody else close a socket: each is closed with 1012 when the next frame comes from its peer.",
      "refused while draining": "As for draining: new connections are refused with 503, but nobody is told why.",
    },
  },
  "durable object": {
    page: "guide-runtimes",
    cannot: { "reader that does not read": UNLIMITED_ON_WORKERD, "broken upgrade request": ANY_KEY_ON_WORKERD },
  },
} satisfies Record<string, Connector>;

/** What a connector is called. */
export type ConnectorName = keyof typeof connectors;

/** All connectors that the contract is run over. */
export const CONNECTORS: Readonly<Record<ConnectorName, Connector>> = connectors;
