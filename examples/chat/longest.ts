// How long names, rooms and texts may be. Server and page both read it; it knows nothing of either.

/** UTF-16 code units of a name, of a room's name and of what is said. */
export const LONGEST = 500;
