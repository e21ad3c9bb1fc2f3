// One tab of a model-based test: what it has sent, and what must hold of it whatever happens. Knows no other tabs.
import type { NetworkSignal } from "../../src/client/environment.ts";
import type { SharedZapClient } from "../../src/client/sharing/shared-zap-client.ts";
import type { SimulatedTab } from "./simulated-tab.ts";

/** Whether every tab that led has had the time to say goodbye. */
export type Manners = "good" | "bad";

/** What is known of something a tab has sent. */
export interface Sent {
  readonly number: number;
  readonly kind: "event" | "request";
  outcome: "pending" | "sent" | "queued" | "dropped" | "answered" | "failed";
  settled: number;
  reported: number;
  arrived: number;
}

/** A tab with its client, as its user sees it. */
export interface OpenTab {
  readonly name: number;
  readonly tab: SimulatedTab;
  readonly client: SharedZapClient;
  readonly sent: Sent[];
  readonly handled: number[];
  /** Whether the user has closed the client, which gives up what waits. */
  closed: "never" | "once";
  /** Whether the tab was put to rest, which leaves no time to hear what became of what is under way. */
  rested: "never" | "once";
  signal: ((signal: NetworkSignal) => void) | undefined;
}

/** Notes that a tab sends something. */
export function noteSent({ sent }: OpenTab, kind: Sent["kind"]): Sent {
  const one: Sent = { number: sent.length, kind, outcome: "pending", settled: 0, reported: 0, arrived: 0 };
  sent.push(one);
  return one;
}

/** Whatever has happened. */
export function checkTab({ name, sent, handled, rested }: OpenTab, manners: Manners): void {
  hold(isAscending(handled), `tab ${name} handles each event once, in order: ${handled}`);
  for (const one of sent) {
    const about = `${one.kind} ${name}:${one.number} (${one.outcome}, arrived ${one.arrived})`;
    hold(one.arrived <= 1, `${about} arrives once at most`);
    hold(one.settled <= 1 && one.reported <= 1, `${about} is settled once`);
    hold(one.outcome !== "sent" || one.arrived === 1, `${about} has arrived`);
    hold(one.outcome !== "dropped" || one.arrived === 0, `${about} has not arrived`);
    const mayFail = manners === "bad" || rested === "once" || one.kind === "request";
    hold(mayFail || (one.outcome !== "failed" && one.reported === 0), `${about} does not fail`);
  }
}

/** When everything is well again, and long enough has passed. */
export function checkTabAtEnd({ name, client, closed, sent }: OpenTab): void {
  const { status } = client.getSnapshot();
  hold(status === "open" || closed === "once", `tab ${name} is open, not ${status}`);
  for (const one of sent) {
    const about = `${one.kind} ${name}:${one.number} (${one.outcome}, arrived ${one.arrived}, reported ${one.reported})`;
    hold(one.settled === 1, `${about} is settled`);
    const isAccounted =
      one.arrived === 1 || one.reported === 1 || one.outcome === "dropped" || one.outcome === "failed";
    hold(isAccounted || closed === "once", `${about} is not lost silently`);
  }
}

/** Where it does not hold, the run fails. */
export function hold(condition: boolean, rule: string): void {
  if (!condition) throw new Error(`broken: ${rule}`);
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}
