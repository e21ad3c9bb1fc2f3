// The client in Vue: provided by one component, used by those below it. Decides nothing about connections.
import {
  getCurrentInstance,
  type InjectionKey,
  inject,
  onMounted,
  onScopeDispose,
  provide,
  type Ref,
  shallowReactive,
  shallowRef,
  toRefs,
} from "vue";
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
  type RequestState,
  type RunRequest,
  type Snapshot,
  type Source,
  type Untyped,
  type ZapClient,
} from "./binding.ts";

/** What `useRequest` returns: a ref for each part of {@link RequestState}. */
export interface UsedRequest<C, K> {
  readonly run: RunRequest<C, K>;
  readonly status: Readonly<Ref<RequestState<C, K>["status"]>>;
  readonly data: Readonly<Ref<RequestState<C, K>["data"]>>;
  readonly error: Readonly<Ref<RequestState<C, K>["error"]>>;
}

/** The functions of one contract, to be called in `setup`. */
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
  /** The client's snapshot. */
  useZapState(): Readonly<Ref<Snapshot>>;
  /** What `select` makes of the snapshot; changes only when that is another value. */
  useZapState<T>(select: (snapshot: Snapshot) => T): Readonly<Ref<T>>;
  /** Has `handler` called with every event of this name, while the component is mounted. */
  useEvent<K extends EventName<C, "serverToClient">>(eventName: K, handler: ClientHandler<C, K>): void;
  /** Requests of this component: `run` asks, the rest tells what came of it. Unmounting cancels. */
  useRequest<K extends RequestName<C, "clientToServer">>(eventName: K): UsedRequest<C, K>;
}

/**
 * The functions for a contract, with an injection of their own.
 *
 * @example
 * export const { provideZap, useZap, useEvent, useRequest } = createZapBindings<typeof chat>();
 */
export function createZapBindings<C extends AnyContract = Untyped>(): ZapBindings<C> {
  const key: InjectionKey<ZapClient<C>> = Symbol("zaptools");

  function provideZap(given: ZapClient<C> | Source<string | URL>, options?: ClientOptions<C>): ZapClient<C> {
    const client = clientOf(given, options);
    provide(key, client);
    whileMounted(() => hold(client));
    return client;
  }

  const useZap = (): ZapClient<C> => provided(inject(key));

  function useZapState(): Readonly<Ref<Snapshot>>;
  function useZapState<T>(select: (snapshot: Snapshot) => T): Readonly<Ref<T>>;
  function useZapState(select: (snapshot: Snapshot) => unknown = (snapshot) => snapshot): Readonly<Ref<unknown>> {
    const client = useZap();
    const state = shallowRef(select(client.getSnapshot()));
    whileMounted(() =>
      client.subscribe((snapshot) => {
        state.value = select(snapshot);
      }),
    );
    return state;
  }

  function useEvent<K extends EventName<C, "serverToClient">>(eventName: K, handler: ClientHandler<C, K>): void {
    const client = useZap();
    whileMounted(() => client.onEvent(eventName, handler));
  }

  function useRequest<K extends RequestName<C, "clientToServer">>(eventName: K): UsedRequest<C, K> {
    const request = createRequestState(useZap(), eventName);
    const state = shallowReactive<Pick<RequestState<C, K>, "status" | "data" | "error">>({ ...request.getSnapshot() });
    onScopeDispose(request.subscribe((next) => Object.assign(state, next)));
    onScopeDispose(request.stop);
    return { ...toRefs(state), run: request.run };
  }

  return { provideZap, useZap, useZapState, useEvent, useRequest };
}

/** From the mounting of a component, which never happens on a server, or from now where there is none. */
function whileMounted(start: () => () => void): void {
  let stop: (() => void) | undefined;
  const begin = () => {
    stop = start();
  };
  if (getCurrentInstance() === null) begin();
  else onMounted(begin);
  onScopeDispose(() => stop?.());
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
