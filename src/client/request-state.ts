// The requests of one component: what they have come to, for the bindings to show. Knows no framework.
import type {
  AnyContract,
  PayloadArguments,
  ReceivedReply,
  RequestFailure,
  RequestName,
  RequestOptions,
  SentPayload,
} from "../protocol/contract-types.ts";
import type { ZapClient } from "./core.ts";

/** What a request came to. */
export type RequestOutcome<C, K> =
  | {
      readonly status: "answered";
      readonly data: ReceivedReply<C, "clientToServer", K>;
      readonly error: undefined;
    }
  | {
      readonly status: "failed";
      /** The answer to the last request that was answered. */
      readonly data: ReceivedReply<C, "clientToServer", K> | undefined;
      /** Its `code` tells which failure. */
      readonly error: RequestFailure<C, "clientToServer", K>;
    };

/** What the requests of a component have come to. Frozen: a change makes a new one. */
export type RequestState<C, K> =
  | RequestOutcome<C, K>
  | {
      /** `idle` before the first request, and after one that was given up because its component went away. */
      readonly status: "idle" | "pending";
      /** The last answer; it stays while a later request is on its way, or has failed. */
      readonly data: ReceivedReply<C, "clientToServer", K> | undefined;
      readonly error: undefined;
    };

/**
 * Asks the server. A request of the same component that is still on its way is cancelled: the latest wins.
 *
 * @returns Resolves to what this request came to, and never rejects, so that frameworks may be handed the promise.
 */
export type RunRequest<C, K> = (
  ...rest: PayloadArguments<SentPayload<C, "clientToServer", K>, [options?: Omit<RequestOptions, "signal">]>
) => Promise<RequestOutcome<C, K>>;

/** What `useRequest` returns. `run` stays the same function. */
export type UsedRequest<C, K> = RequestState<C, K> & { readonly run: RunRequest<C, K> };

/** The requests of one component. */
export interface RequestStore<C, K> {
  getSnapshot(): RequestState<C, K>;
  /** Calls `listener` now and on every change. @returns What ends that. */
  subscribe(listener: (state: RequestState<C, K>) => void): () => void;
  readonly run: RunRequest<C, K>;
  /** The component is gone: cancels what is on its way. Requests made later count again. */
  stop(): void;
}

type AnyRequest = (eventName: string, payload: unknown, options: RequestOptions) => Promise<never>;

/** The requests `eventName` of one component that has made none yet. */
export function createRequestState<C extends AnyContract, K extends RequestName<C, "clientToServer">>(
  client: ZapClient<C>,
  eventName: K,
): RequestStore<C, K> {
  const listeners = new Set<(state: RequestState<C, K>) => void>();
  let state: RequestState<C, K>;
  let latest: AbortController | undefined;

  /** What a request has come to. It is shown if the request is still the latest. */
  const conclude = (mine: AbortController | undefined, status: string, data?: unknown, error?: unknown) => {
    const outcome = Object.freeze({ status, data, error }) as RequestState<C, K>;
    if (latest === mine) {
      state = outcome;
      for (const listener of listeners) listener(state);
    }
    return outcome as RequestOutcome<C, K>;
  };

  conclude(latest, "idle");
  return {
    getSnapshot: () => state,
    subscribe(listener) {
      listeners.add(listener);
      listener(state);
      return () => void listeners.delete(listener);
    },
    run(payload?: unknown, options?: Omit<RequestOptions, "signal">) {
      latest?.abort();
      const mine = new AbortController();
      latest = mine;
      conclude(mine, "pending", state.data);
      return (client.request as AnyRequest)(eventName, payload, { ...options, signal: mine.signal }).then(
        (data) => conclude(mine, "answered", data),
        (error) => conclude(mine, "failed", state.data, error),
      );
    },
    stop() {
      latest?.abort();
      latest = undefined;
      if (state.status === "pending") conclude(latest, "idle", state.data);
    },
  };
}
