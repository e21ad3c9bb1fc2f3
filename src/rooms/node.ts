// A register as one node among others: what the broker brings goes to its connections, questions to who can answer
// them. Does not know how anything is carried.
import type { Address, LocalNode } from "../core/nodes.ts";
import { patienceOf } from "../core/patience.ts";
import type { Selector } from "../core/room.ts";
import type { Clock } from "../protocol/clock.ts";
import type { ServerSendOptions } from "../protocol/contract-types.ts";
import { unexpected, unknownEventError, type ZapError } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import type { Delivery } from "./delivery.ts";
import type { Member } from "./member.ts";
import { EVENT_QUESTION, type NodeCluster } from "./node-cluster.ts";
import type { RoomCalls } from "./room-calls.ts";

/** What a node needs of its register. */
export interface NodeHost {
  readonly clock: Clock;
  /** Told what could not be sent to, or read from, other nodes. */
  readonly brokerFailed: (error: ZapError) => void;
}

/** What a node needs of its router besides. */
interface Revoking {
  /** Closes the connections of a principal here. */
  readonly revoke: (principalId: string) => void;
}

/** The register's side of a broker. */
export function nodeOf<C, S>(
  limits: Limits,
  { clock, brokerFailed, revoke }: NodeHost & Revoking,
  byId: ReadonlyMap<string, Member<C, S>>,
  delivery: Delivery<C, S>,
  calls: RoomCalls<C, S>,
  cluster: NodeCluster,
): LocalNode {
  const report = (error: ZapError): void => {
    try {
      brokerFailed(error);
    } catch {
      // A hook that throws has nobody left to tell.
    }
  };
  return {
    limits,
    clock,
    brokerFailed: report,
    deliver(text, { rooms, exclude, excludeIds, ...patience }) {
      const excluded = excludeIds.length === 0 ? exclude : [...exclude, ...excludeIds.map((id) => ({ id }))];
      delivery.give(text, rooms, excluded, patience);
    },
    deliverTo(id, text, { volatile, coalesce }) {
      byId.get(id)?.outbox.push(text, volatile, coalesce);
    },
    revoke,
    answer(question, body, from) {
      const answer = question === EVENT_QUESTION ? cluster.answer(body, from) : calls.answer(question, body);
      // Another version may ask what this one does not know: that is no answer.
      if (answer === undefined && question !== EVENT_QUESTION) throw unknownEventError(question);
      return answer;
    },
    nodeChanged(change) {
      try {
        cluster.changed(change);
      } catch (error) {
        report(unexpected(error));
      }
    },
  };
}

/** For whom an event is, as other nodes understand it: they do not know connections, only their ids. */
export function addressOf<C, S>(
  rooms: readonly string[] | undefined,
  excluded: readonly Selector<C, S>[],
  how: ServerSendOptions,
): Address {
  const patience = patienceOf(how);
  if (excluded.length === 0) return { rooms, exclude: NOBODY, excludeIds: NOBODY, ...patience };
  const exclude: string[] = [];
  const excludeIds: string[] = [];
  for (const selector of excluded) {
    if (typeof selector === "string") exclude.push(selector);
    else excludeIds.push(selector.id);
  }
  return { rooms, exclude, excludeIds, ...patience };
}

const NOBODY: readonly string[] = [];
