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
import type { ZapClient } from "./zap-client.ts";

/** What the latest request has come to. Frozen: a change makes a new one. */
export type RequestState<C, K> =
  | {
      /** `idle` before the first request, and after one that was given up because its component went away. */
      readonly status: "idle" | "pending";
      /** The last answer; it stays while a later request is on its way, or has failed. */
      readonly data: ReceivedReply<C, "clientToServer", K> | undefined;
      readonly error: undefined;
    }
  | {
      readonly status: "answered";
      readonly data: ReceivedReply<C, "clientToServer", K>;
      readonly error: undefined;
    }
  | {
      readonly status: "failed";
      readonly data: ReceivedReply<C, "clientToServer", K> | undefined;
      /** Its `code` tells which failure. */
      readonly error: RequestFailure<C, "clientToServer", K>;
    };

/**
 * Asks the server. A request of the same component that is still on its way is cancelled: the latest wins.
 *
 * @returns What the client's `request` returns; may be left alone.
 */
export type RunRequest<C, K> = (
  ...rest: PayloadArguments<SentPayload<C, "clientToServer", K>, [options?: Omit<RequestOptions, "signal">]>
) => Promise<ReceivedReply<C, "clientToServer", K>>;

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

const IDLE = Object.freeze({ status: "idle", data: undefined, error: undefined });

/** The requests `eventName` of one component that has made none yet. */
export function createRequestState<C extends AnyContract, K extends RequestName<C, "clientToServer">>(
  client: ZapClient<C>,
  eventName: K,
): RequestStore<C, K> {
  const listeners = new Set<(state: RequestState<C, K>) => void>();
  let state: RequestState<C, K> = IDLE;
  let latest: AbortController | undefined;

  const change = (next: RequestState<C, K>) => {
    state = Object.freeze(next);
    for (const listener of listeners) listener(state);
  };

  return {
    getSnapshot: () => state,
    subscribe(listener) {
      listeners.add(listener);
      listener(state);
      return () => void listeners.delete(listener);
    },
    run(payload?: unknown, options?: Omit<RequestOptions, "signal">) {
      const mine = new AbortController();
      latest?.abort();
      latest = mine;
      change({ status: "pending", data: state.data, error: undefined });
      const answer = (client.request as AnyRequest).call(client, eventName, payload, {
        ...options,
        signal: mine.signal,
      });
      answer.then(
        (data) => latest === mine && change({ status: "answered", data, error: undefined }),
        (error) => latest === mine && change({ status: "failed", data: state.data, error }),
      );
      return answer;
    },
    stop() {
      latest?.abort();
      latest = undefined;
      if (state.status === "pending") change({ status: "idle", data: state.data, error: undefined });
    },
  };
}
