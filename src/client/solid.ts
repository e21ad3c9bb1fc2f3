// The client in Solid: a provider, and primitives for state, events and requests. Decides nothing about connections.
import {
  type Accessor,
  createComponent,
  createContext,
  createMemo,
  createSignal,
  type JSX,
  onCleanup,
  onMount,
  useContext,
} from "solid-js";
import {
  type AnyContract,
  type ClientHandler,
  type ClientProps,
  clientOf,
  createRequestState,
  type EventName,
  hold,
  provided,
  type RequestName,
  type Snapshot,
  type Untyped,
  type UsedRequest,
  type ZapClient,
} from "./binding.ts";

/** What `ZapProvider` takes. */
export type ZapProviderProps<C extends AnyContract> = ClientProps<C> & { readonly children?: JSX.Element };

/** The provider and the primitives of one contract. */
export interface ZapBindings<C extends AnyContract> {
  /**
   * Gives its children a client, and keeps it connected while it is mounted. A client that was connected before is
   * left open afterwards. Nothing connects while rendering on a server.
   */
  ZapProvider(props: ZapProviderProps<C>): JSX.Element;
  /** The client of the provider above. @throws {ZapError} `invalid_argument` when there is none. */
  useZap(): ZapClient<C>;
  /** The client's snapshot. */
  useZapState(): Accessor<Snapshot>;
  /** What `select` makes of the snapshot; changes only when that is another value. */
  useZapState<T>(select: (snapshot: Snapshot) => T): Accessor<T>;
  /** Has `handler` called with every event of this name, while the component is mounted. */
  useEvent<K extends EventName<C, "serverToClient">>(eventName: K, handler: ClientHandler<C, K>): void;
  /**
   * Requests of this component: `run` asks, the rest tells what came of it. Unmounting cancels. Its parts are
   * read from it each time, as from props: do not destructure it.
   */
  useRequest<K extends RequestName<C, "clientToServer">>(eventName: K): UsedRequest<C, K>;
}

/**
 * The provider and the primitives for a contract, with a context of their own.
 *
 * @example
 * export const { ZapProvider, useZap, useEvent, useRequest } = createZapBindings<typeof chat>();
 */
export function createZapBindings<C extends AnyContract = Untyped>(): ZapBindings<C> {
  const Client = createContext<ZapClient<C>>();

  function ZapProvider(props: ZapProviderProps<C>): JSX.Element {
    const client = clientOf(props.client ?? props.url, props.options);
    whileMounted(() => hold(client));
    return createComponent(Client.Provider, {
      value: client,
      get children() {
        return props.children;
      },
    });
  }

  const useZap = (): ZapClient<C> => provided(useContext(Client));

  function useZapState(): Accessor<Snapshot>;
  function useZapState<T>(select: (snapshot: Snapshot) => T): Accessor<T>;
  function useZapState(select: (snapshot: Snapshot) => unknown = (snapshot) => snapshot): Accessor<unknown> {
    const snapshot = follow(useZap());
    return createMemo(() => select(snapshot()));
  }

  function useEvent<K extends EventName<C, "serverToClient">>(eventName: K, handler: ClientHandler<C, K>): void {
    const client = useZap();
    whileMounted(() => client.onEvent(eventName, handler));
  }

  function useRequest<K extends RequestName<C, "clientToServer">>(eventName: K): UsedRequest<C, K> {
    const request = createRequestState(useZap(), eventName);
    const state = follow(request);
    onCleanup(request.stop);
    const used = {
      run: request.run,
      get status() {
        return state().status;
      },
      get data() {
        return state().data;
      },
      get error() {
        return state().error;
      },
    };
    // One state, read part by part.
    return used as UsedRequest<C, K>;
  }

  return { ZapProvider, useZap, useZapState, useEvent, useRequest };
}

interface Source<T> {
  getSnapshot(): T;
  subscribe(listener: (value: T) => void): () => void;
}

function follow<T>(source: Source<T>): Accessor<T> {
  const [value, setValue] = createSignal(source.getSnapshot());
  whileMounted(() => source.subscribe((next) => setValue(() => next)));
  return value;
}

/** Mounting never happens on a server. */
function whileMounted(start: () => () => void): void {
  onMount(() => onCleanup(start()));
}

const untyped: ZapBindings<Untyped> = createZapBindings();

/** The provider of those without a contract; see {@link ZapBindings}. */
export const ZapProvider: ZapBindings<Untyped>["ZapProvider"] = untyped.ZapProvider;
/** The client of the {@link ZapProvider} above. */
export const useZap: ZapBindings<Untyped>["useZap"] = untyped.useZap;
/** The client's snapshot, or what is selected of it. */
export const useZapState: ZapBindings<Untyped>["useZapState"] = untyped.useZapState;
/** Has a handler called with every event of a name. */
export const useEvent: ZapBindings<Untyped>["useEvent"] = untyped.useEvent;
/** Requests of this component. */
export const useRequest: ZapBindings<Untyped>["useRequest"] = untyped.useRequest;
