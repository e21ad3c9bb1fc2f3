// The turns of the event loop, which all connections of a process share: which one it is, and what is put off to the
// next. Does not know who takes part.

/** Something that waits for the next turn. It must not throw. */
export interface PutOff {
  /** Its turn has come; called once for each time it was put off. */
  turnCame(): void;
}

// An immediate comes after all sockets that were ready have been read. Where there are none, a timer comes soon enough.
const afterThisTurn: (callback: () => void) => unknown =
  typeof setImmediate === "function" ? setImmediate : (callback) => setTimeout(callback, 0);

let turn = 0;
let watched = false;
let waiting: PutOff[] = [];

/** A number that stays the same during one turn, as far as anybody watches it. */
export function currentTurn(): number {
  return turn;
}

/** Has the number change when this turn is over. Asked for by those who have used up so much that it matters. */
export function watchTurn(): void {
  if (watched) return;
  watched = true;
  afterThisTurn(next);
}

/** Puts something off until all others had their chance. */
export function inNextTurn(work: PutOff): void {
  waiting.push(work);
  watchTurn();
}

function next(): void {
  watched = false;
  turn++;
  const ready = waiting;
  waiting = [];
  for (const work of ready) work.turnCame();
}
