// Makes connection ids. Knows nothing of connections.

/** A new connection id: `zpt-` and a UUID, the form of the whole zaptools family. */
export function newConnectionId(): string {
  // Runtimes hand out a UUID as a rope of many pieces. Changing case makes one flat string of it, which saves 400 bytes
  // for each idle connection; the letters are lower case already.
  return `zpt-${crypto.randomUUID()}`.toLowerCase();
}
