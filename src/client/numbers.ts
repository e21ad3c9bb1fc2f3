// The numbers of a client that nobody sets. They are in a file that imports nothing: so bundlers put each where it is
// used, instead of keeping it by name.

/** Milliseconds that an attempt may take, with asking for the address and the token. */
export const CONNECT_MS = 10_000;

/** Milliseconds after which a connection is stable: the next attempt after it is a first one again. */
export const STABLE_MS = 5_000;

/** Milliseconds that pass before any new attempt, whatever asks for it. */
export const SHORTEST_DELAY_MS = 100;

/** Milliseconds of the longest first delay. It doubles with each attempt. */
export const FIRST_DELAY_MS = 500;

/** Milliseconds of the longest delay of all. */
export const LONGEST_DELAY_MS = 30_000;

/** Milliseconds from which on runtimes fire timers at once instead of late. */
export const NEVER_MS: number = 2 ** 31;

/** Milliseconds a request waits where nothing else is said. */
export const REQUEST_MS = 10_000;

/** Values that a stream holds for a loop that does not take them. */
export const STREAM_VALUES = 1_024;

/** UTF-16 code units that are read of an error reply's code. */
export const CODE_LENGTH = 64;

/** UTF-16 code units that are read of an error reply's text. */
export const MESSAGE_LENGTH = 1_024;

/** The code of a connection that was lost (RFC 6455, section 7.4.1). */
export const ABNORMAL = 1006;

/** The code for a server that sent what it should not; browsers let programs send none of the usual ones. */
export const BAD_ENVELOPE = 4400;
