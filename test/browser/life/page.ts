// The page of the tests about what a client lives through in a browser: a client, and what has become of all it was asked to do.
// Shows nothing.
import { type Snapshot, ZapClient } from "zaptools/client";
import { SharedZapClient } from "zaptools/client/shared";

/** What tests find on the page. */
export interface Life {
  readonly client: ZapClient;
  readonly role: string;
  /** Every status the client has had. */
  readonly statuses: string[];
  readonly closes: (Snapshot["lastClose"] | undefined)[];
  /** The ticks of the server, as its handler got them. */
  readonly ticks: number[];
  /** What became of what was said and asked, by its text. */
  readonly outcomes: Record<string, string>;
  readonly errors: string[];
  /** What the browser has told the page. */
  readonly told: string[];
  say(...texts: string[]): void;
  ask(eventName: string, text: string): void;
  /** Resolves when `holds` does; it is asked whenever something has happened. */
  until(holds: () => boolean): Promise<void>;
}

declare global {
  var life: Life;
}

const query = new URLSearchParams(location.search);
const wakers = new Set<() => void>();
const happened = () => {
  for (const wake of [...wakers]) wake();
};

const options = {
  limits: JSON.parse(query.get("limits") ?? "{}"),
  onError: (error: unknown, about: string) => {
    life.errors.push(`${about}: ${error}`);
    happened();
  },
};
const url = `ws://${location.host}/ws`;
const sharing = query.get("sharing");
if (sharing === "no locks") Object.defineProperty(navigator, "locks", { value: undefined });
const shared = sharing === "none" ? undefined : new SharedZapClient(url, options);
const client = shared ?? new ZapClient(url, options);

globalThis.life = {
  client,
  get role() {
    return shared?.role ?? "none";
  },
  statuses: [],
  closes: [],
  ticks: [],
  outcomes: {},
  errors: [],
  told: [],
  say(...texts) {
    for (const text of texts) note(text, client.send("say", text));
  },
  ask(eventName, text) {
    note(text, client.request(eventName, text));
  },
  async until(holds) {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        wakers.add(resolve);
      });
    }
  },
};

async function note(text: string, outcome: Promise<unknown>): Promise<void> {
  life.outcomes[text] = "pending";
  life.outcomes[text] = await outcome.then(String, (error) => error.code ?? String(error));
  happened();
}

function told(what: string): void {
  // The first one is of the page's own coming.
  if (what !== "pageshow" || life.told.length > 0) life.told.push(what);
  happened();
}

client.subscribe(({ status, lastClose }) => {
  if (life.statuses.at(-1) !== status) life.statuses.push(status);
  if (life.closes.at(-1) !== lastClose) life.closes.push(lastClose);
  happened();
});
client.onEvent("tick", ({ payload }) => {
  life.ticks.push(Number(payload));
  happened();
});
client.onEvent("who", () => query.get("name"));
for (const type of ["pagehide", "pageshow", "online", "offline"]) addEventListener(type, () => told(type));
addEventListener("pageshow", ({ persisted }) => persisted && life.say(`${query.get("name")} is back`));
for (const type of ["freeze", "resume", "visibilitychange"]) {
  document.addEventListener(type, () => told(type === "visibilitychange" ? document.visibilityState : type));
}
client.connect();
