// What sharing needs of the browser: a lock that one tab holds at a time, a channel that all hear, and a word before a
// tab is put to rest. Ports only; nothing of this exists at run time.

/** Gives the lock back, or stops waiting for it. */
export type Release = () => void;

/** Where the tabs of one origin meet under one name. */
export interface Tabs {
  /** An id that no other tab has: at most 32 characters, none of them a dot. */
  readonly newId: () => string;
  /**
   * Waits for the lock, or takes it from whoever has it.
   *
   * @param held - Called when this tab has the lock, or when there can be none and it has to do without.
   * @param lost - Called when another tab has taken it away.
   */
  readonly lock: (how: "wait" | "steal", held: () => void, lost: () => void) => Release;
  /** Opens the channel. What a tab posts, all others hear, in the order it was posted; anything may come. */
  readonly open: (listener: (note: unknown) => void) => TabChannel;
  /** Calls `listener` when this tab is about to be closed, left or frozen. @returns What ends that. */
  readonly onRest: (listener: () => void) => () => void;
}

/** A tab's end of the channel. */
export interface TabChannel {
  readonly post: (note: object) => void;
  readonly close: () => void;
}
