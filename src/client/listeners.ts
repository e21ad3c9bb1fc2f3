// Who wants to be told of one thing: adds, takes out, tells in order. Does not know what the thing is.

/** A function to be called with a `T`. */
export type Listener<T> = (given: T) => unknown;

/** Adds a listener. One added twice is called twice. @returns What takes this one out again. */
export type Add<T> = (listener: Listener<T>) => () => void;

/** Has `run` call each listener in the order they were added: not those added meanwhile, nor those taken out. */
export type Each<T> = (run: (listener: Listener<T>) => void) => void;

/** An empty list of listeners. */
export function listeners<T>(): readonly [Add<T>, Each<T>] {
  const entries = new Set<{ listener: Listener<T> }>();
  return [
    (listener) => {
      const entry = { listener };
      entries.add(entry);
      return () => {
        entries.delete(entry);
      };
    },
    (run) => {
      for (const entry of [...entries]) if (entries.has(entry)) run(entry.listener);
    },
  ];
}
