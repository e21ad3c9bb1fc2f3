// The few functions of frameworks that the bindings call, for checking src/ where no framework is installed.
// Not part of the package. test/browser checks the same files against the frameworks' own types.

declare module "react" {
  export type ReactNode = unknown;
  export interface ReactElement {
    readonly type: unknown;
  }
  interface Context<T> {
    readonly Provider: (props: { readonly value: T; readonly children?: ReactNode }) => ReactNode;
  }
  type Cleanup = () => void;
  export function createContext<T>(initial: T): Context<T>;
  export function createElement<P>(type: (props: P) => ReactNode, props: P, ...children: ReactNode[]): ReactElement;
  export function useContext<T>(context: Context<T>): T;
  export function useEffect(effect: () => Cleanup | undefined, dependencies: readonly unknown[]): void;
  export function useInsertionEffect(effect: () => void): void;
  export function useMemo<T>(make: () => T, dependencies: readonly unknown[]): T;
  export function useRef<T>(initial: T): { current: T };
  export function useState<T>(make: () => T): [T, (next: T) => void];
  export function useSyncExternalStore<T>(
    subscribe: (changed: () => void) => Cleanup,
    getSnapshot: () => T,
    getServerSnapshot: () => T,
  ): T;
}

declare module "vue" {
  export interface Ref<T> {
    value: T;
  }
  export interface ShallowRef<T> extends Ref<T> {}
  export interface InjectionKey<T> extends Symbol {
    readonly type?: T;
  }
  export function getCurrentInstance(): object | null;
  export function inject<T>(key: InjectionKey<T>): T | undefined;
  export function onMounted(hook: () => void): void;
  export function onScopeDispose(hook: () => void): void;
  export function provide<T>(key: InjectionKey<T>, value: T): void;
  export function shallowReactive<T extends object>(value: T): T;
  export function shallowRef<T>(value: T): ShallowRef<T>;
  export function toRefs<T extends object>(value: T): { [K in keyof T]: Ref<T[K]> };
}

declare module "svelte" {
  export function getContext<T>(key: unknown): T;
  export function onDestroy(hook: () => void): void;
  export function onMount(hook: () => (() => void) | undefined): void;
  export function setContext<T>(key: unknown, value: T): T;
}

declare module "svelte/store" {
  interface Readable<T> {
    subscribe(run: (value: T) => void): () => void;
  }
  export function derived<S, T>(store: Readable<S>, select: (value: S) => T): Readable<T>;
  export function fromStore<T>(store: Readable<T>): { readonly current: T };
}

declare module "solid-js" {
  export namespace JSX {
    type Element = unknown;
  }
  export type Accessor<T> = () => T;
  interface Context<T> {
    readonly Provider: (props: { readonly value: T; readonly children: JSX.Element }) => JSX.Element;
  }
  export function createComponent<P>(component: (props: P) => JSX.Element, props: P): JSX.Element;
  export function createContext<T>(): Context<T | undefined>;
  export function createMemo<T>(compute: () => T): Accessor<T>;
  export function createSignal<T>(initial: T): [Accessor<T>, (next: () => T) => void];
  export function onCleanup(hook: () => void): void;
  export function onMount(hook: () => void): void;
  export function useContext<T>(context: Context<T>): T;
}
