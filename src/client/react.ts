// The client in React: a provider, and hooks for state, events and requests. Decides nothing about connections.
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useInsertionEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
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
import { IDLE_SNAPSHOT } from "./core.ts";

/** What `ZapProvider` takes. */
export type ZapProviderProps<C extends AnyContract> = ClientProps<C> & { readonly children?: ReactNode };

/** The provider and the hooks of one contract. */
export interface ZapBindings<C extends AnyContract> {
  /**
   * Gives its children a client, and keeps it connected while it is mounted. A client that was connected before is
   * left open afterwards. Nothing connects while rendering on a server.
   */
  ZapProvider(props: ZapProviderProps<C>): ReactElement;
  /** The client of the provider above. @throws {ZapError} `invalid_argument` when there is none. */
  useZap(): ZapClient<C>;
  /** The client's snapshot. On a server, and while its page is hydrated, that of a client that has done nothing. */
  useZapState(): Snapshot;
  /** What `select` makes of the snapshot; renders again only when that is another value. */
  useZapState<T>(select: (snapshot: Snapshot) => T): T;
  /** Has the handler of the latest rendering called with every event of this name, while the component is mounted. */
  useEvent<K extends EventName<C, "serverToClient">>(eventName: K, handler: ClientHandler<C, K>): void;
  /** Requests of this component: `run` asks, the rest tells what came of it. Unmounting cancels. */
  useRequest<K extends RequestName<C, "clientToServer">>(eventName: K): UsedRequest<C, K>;
}

/**
 * The provider and the hooks for a contract, with a context of their own.
 *
 * @example
 * export const { ZapProvider, useZap, useEvent, useRequest } = createZapBindings<typeof chat>();
 */
export function createZapBindings<C extends AnyContract = Untyped>(): ZapBindings<C> {
  const Client = createContext<ZapClient<C> | undefined>(undefined);

  function ZapProvider(props: ZapProviderProps<C>): ReactElement {
    const [first] = useState(() => clientOf(props.client ?? props.url, props.options));
    const used = props.client ?? first;
    // Effects of children run before this one: their handlers are there before the first event.
    useEffect(() => hold(used), [used]);
    return createElement(Client.Provider, { value: used }, props.children);
  }

  const useZap = (): ZapClient<C> => provided(useContext(Client));

  function useZapState(): Snapshot;
  function useZapState<T>(select: (snapshot: Snapshot) => T): T;
  function useZapState(select?: (snapshot: Snapshot) => unknown): unknown {
    const client = useZap();
    // React takes what it reads twice for a change when the two are not the same object.
    const read = useMemo(() => remember(select), [select]);
    return useSyncExternalStore(
      client.subscribe,
      () => read(client.getSnapshot()),
      () => read(IDLE_SNAPSHOT),
    );
  }

  function useEvent<K extends EventName<C, "serverToClient">>(eventName: K, handler: ClientHandler<C, K>): void {
    const client = useZap();
    const latest = useRef(handler);
    // Before any effect and any event can call it.
    useInsertionEffect(() => {
      latest.current = handler;
    });
    useEffect(() => {
      const handle = (event: never) => latest.current(event);
      return client.onEvent(eventName, handle as ClientHandler<C, K>);
    }, [client, eventName]);
  }

  function useRequest<K extends RequestName<C, "clientToServer">>(eventName: K): UsedRequest<C, K> {
    const client = useZap();
    const request = useMemo(() => createRequestState(client, eventName), [client, eventName]);
    useEffect(() => request.stop, [request]);
    const state = useSyncExternalStore(request.subscribe, request.getSnapshot, request.getSnapshot);
    return { ...state, run: request.run };
  }

  return { ZapProvider, useZap, useZapState, useEvent, useRequest };
}

/** What `select` makes of a snapshot, made once for each; without it the snapshot itself. */
function remember(select: (snapshot: Snapshot) => unknown = (snapshot) => snapshot): (snapshot: Snapshot) => unknown {
  let last: Snapshot | undefined;
  let value: unknown;
  return (snapshot) => {
    if (snapshot !== last) {
      value = select(snapshot);
      last = snapshot;
    }
    return value;
  };
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
