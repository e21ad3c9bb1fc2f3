// How long something is worth waiting for those who are slow. Decides nothing about them.
import type { ServerSendOptions } from "../protocol/contract-types.ts";

/** What `ServerSendOptions` say, in full. */
export interface Patience {
  readonly volatile: boolean;
  readonly coalesce: string | undefined;
}

/** What a sender said of waiting, in full. */
export function patienceOf({ volatile = false, coalesce }: ServerSendOptions): Patience {
  return { volatile, coalesce };
}
