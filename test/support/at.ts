// The element at an index that has to be there. Knows nothing of what the list is of.

/** @throws {Error} When there is none. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
}
