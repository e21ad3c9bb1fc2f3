// Makes connection ids. Knows nothing of connections.

/** A new connection id: `zpt-` and a UUID, the form of the whole zaptools family. */
export function newConnectionId(): string {
  return `zpt-${crypto.randomUUID()}`;
}
