// The client in Svelte 5: provided by one component, used by those below it. Decides nothing about connections.
import { getContext, onDestroy, onMount, setContext } from "svelte";
import { derived, fromStore } from "svelte/store";
import {
  type AnyContract,
  type ClientHandler,
  type ClientOptions,
  clientOf,
  createRequestState,
  type EventName,
  hold,
  provided,
  type RequestName,
  type Snapshot,
  type Source,
  type Untyped,
  type UsedRequest,
  type ZapClient,
} from "./binding.ts";

/** A value that effects and templates follow, in the form of Svelte's own. */
export interface Current<T> {
  readonly current: T;
}

/** The functions of one contract, to be called while a component is initialised. */
export interface ZapBindings<C extends AnyContract> {
  /**
   * Gives the components below a client, and keeps it connected while this one is mounted. A client that was connected
   * before is left open afterwards. Nothing connects while rendering on a server.
   *
   * @param given - A client, or where one is to connect to, as `new ZapClient(url, options)` takes it.
   */
  provideZap(given: ZapClient<C> | Source<string | URL>, options?: ClientOptions<C>): ZapClient<C>;
  /** The client of the nearest component above that provides one. @throws {ZapError} `invalid_argument` when none does. */
  useZap(): ZapClient<C>;
  /** The client's snapshot, as `current`. The client itself is a store of it: `$client.status` works too. */
  useZapState(): Current<Snapshot>;
  /** What `select` makes of the snapshot, as `current`; changes only when that is another value. */
  useZapState<T>(select: (snapshot: Snapshot) => T): Current<T>;
  /** Has `handler` called with every event of this name, while the component is mounted. */
  useEvent<K extends EventName<C, "serverToClient">>(eventName: K, handler: ClientHandler<C, K>): void;
  /**
   * Requests of this component: `run` asks, the rest tells what came of it. Unmounting cancels. Its parts are
   * read from it each time: do not destructure it.
   */
  useRequest<K extends RequestName<C, "clientToServer">>(eventName: K): UsedRequest<C, K>;
}

/**
 * The functions for a contract, with a context of their own.
 *
 * @example
 * export const { provideZap, useZap, useEvent, useRequest } = createZapBindings<typeof chat>();
 */
export function createZapBindings<C extends AnyContract = Untyped>(): ZapBindings<C> {
  const key = {};

  function provideZap(given: ZapClient<C> | Source<string | URL>, options?: ClientOptions<C>): ZapClient<C> {
    const client = setContext(key, clientOf(given, options));
    onMount(() => hold(client));
    return client;
  }

  const useZap = (): ZapClient<C> => provided(getContext<ZapClient<C> | undefined>(key));

  function useZapState(): Current<Snapshot>;
  function useZapState<T>(select: (snapshot: Snapshot) => T): Current<T>;
  function useZapState(select: (snapshot: Snapshot) => unknown = (snapshot) => snapshot): Current<unknown> {
    return fromStore(derived(useZap(), select));
  }

  function useEvent<K extends EventName<C, "serverToClient">>(eventName: K, handler: ClientHandler<C, K>): void {
    const client = useZap();
    onMount(() => client.onEvent(eventName, handler));
  }

  function useRequest<K extends RequestName<C, "clientToServer">>(eventName: K): UsedRequest<C, K> {
    const request = createRequestState(useZap(), eventName);
    const state = fromStore(request);
    onDestroy(request.stop);
    const used = {
      run: request.run,
      get status() {
        return state.current.status;
      },
      get data() {
        return state.current.data;
      },
      get error() {
        return state.current.error;
      },
    };
    // One state, read part by part.
    return used as UsedRequest<C, K>;
  }

  return { provideZap, useZap, useZapState, useEvent, useRequest };
}

const untyped: ZapBindings<Untyped> = createZapBindings();

/** Gives the components below a client; see {@link ZapBindings}. */
export const provideZap: ZapBindings<Untyped>["provideZap"] = untyped.provideZap;
/** The client of the nearest component above that provides one. */
export const useZap: ZapBindings<Untyped>["useZap"] = untyped.useZap;
/** The client's snapshot, or what is selected of it. */
export const useZapState: ZapBindings<Untyped>["useZapState"] = untyped.useZapState;
/** Has a handler called with every event of a name. */
export const useEvent: ZapBindings<Untyped>["useEvent"] = untyped.useEvent;
/** Requests of this component. */
export const useRequest: ZapBindings<Untyped>["useRequest"] = untyped.useRequest;
