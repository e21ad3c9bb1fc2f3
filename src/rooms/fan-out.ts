// Gives one text to many connections, to each once. Knows nothing of names, payloads or who is excluded why.
import type { BroadcastResult } from "../core/room.ts";
import type { SharedText } from "../core/transport.ts";
import type { ServerSendOptions } from "../protocol/contract-types.ts";
import type { Member } from "./member.ts";

/** Delivers broadcasts. Allocates nothing for each member: who has been met is written on the member. */
export class FanOut<C, S> {
  #stamp = 0;

  /** Pushes `text` to every member of `targets` that is not `excluded`. A slow member is dealt with alone. */
  deliver(
    text: string,
    targets: readonly Iterable<Member<C, S>>[],
    excluded: Iterable<Member<C, S>>,
    { volatile = false, coalesce }: ServerSendOptions,
  ): BroadcastResult {
    const stamp = ++this.#stamp;
    const shared: SharedText = { text, frame: undefined };
    const result = { sent: 0, queued: 0, dropped: 0 };
    for (const member of excluded) member.stamp = stamp;
    for (const members of targets) {
      for (const member of members) {
        if (member.stamp === stamp) continue;
        member.stamp = stamp;
        result[member.outbox.push(shared, volatile, coalesce)]++;
      }
    }
    return result;
  }
}
