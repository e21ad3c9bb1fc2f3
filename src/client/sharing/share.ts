// What makes a client one of many that share a connection: the environment and the WebSocket it is given. A tab is a
// member of its tabs while its client wants to be connected. Knows no events.
import type { SendOutcome } from "../../protocol/contract-types.ts";
import { brief } from "../../protocol/errors.ts";
import { caller } from "../call.ts";
import type { Report } from "../client-types.ts";
import type { Environment, NetworkSignal } from "../environment.ts";
import type { WebSocketConstructor } from "../socket.ts";
import { type Handed, Leftovers } from "./handed.ts";
import { joinTabs, type Membership, type MembershipOptions } from "./membership.ts";
import { TabSocket } from "./tab-socket.ts";

/** What sharing needs. */
export interface ShareOptions extends Omit<MembershipOptions, "leftovers" | "handed" | "wake"> {
  readonly environment: Environment;
  readonly onError: Report;
}

/** One client's share. */
export interface Share {
  readonly environment: Environment;
  readonly WebSocket: WebSocketConstructor;
  readonly leads: () => boolean;
  /** What a send comes to that `run` does: if its frame went by the leading tab, known when that has taken it. */
  readonly outcomeOf: (run: () => Promise<SendOutcome>, eventName: string, volatile: boolean) => Promise<SendOutcome>;
}

/** The share of a client that has not connected yet. */
export function createShare({ environment, onError, ...options }: ShareOptions): Share {
  const call = caller(onError);
  let leftovers = new Leftovers();
  let membership: Membership | undefined;
  let tell: ((signal: NetworkSignal) => void) | undefined;
  let latest: Handed | undefined;

  const fail = (eventName: string) => brief("disconnected", eventName);
  const handed = (frame: Handed) => {
    latest = frame;
    // Of one that has waited, nobody else will tell that it is lost.
    frame.settle = (outcome) => {
      if (outcome !== "lost") return;
      const { eventName }: { eventName: string } = JSON.parse(frame.text);
      call(() => Promise.reject(fail(eventName)), eventName);
    };
  };
  const member = () => {
    membership ??= joinTabs({ ...options, leftovers, handed, wake: () => tell?.("online") });
    return membership;
  };
  const leave = async (how: "in order" | "at once") => {
    const left = membership;
    membership = undefined;
    await left?.leave(how);
  };

  return {
    environment(listener) {
      const kept = new Leftovers();
      leftovers = kept;
      tell = listener;
      member();
      const stopWatching = environment((signal) => {
        listener(signal);
        if (signal === "online" && membership?.leads() === false) membership.wakeLeader();
      });
      const stopResting = options.tabs.onRest(() => leave("at once"));
      return () => {
        stopWatching();
        stopResting();
        tell = undefined;
        leave("in order").then(() => kept.drop());
      };
    },
    WebSocket: class extends TabSocket {
      constructor(url: string, protocols?: string[]) {
        super(member().dial, url, protocols);
      }
    },
    leads: () => membership?.leads() ?? false,
    outcomeOf(run, eventName, volatile) {
      latest = undefined;
      const outcome = run();
      const frame: Handed | undefined = latest;
      if (frame === undefined) return outcome;
      const given: Handed = frame;
      given.volatile = volatile;
      const report = given.settle;
      return call(async () => {
        const settled = new Promise<SendOutcome>((resolve, reject) => {
          given.settle = (what) => (what === "lost" ? reject(fail(eventName)) : resolve(what));
        });
        const now = await outcome;
        if (now === "sent") return settled;
        // It waits behind much else, and nobody waits for it.
        given.settle = report;
        return now;
      }, eventName);
    },
  };
}
