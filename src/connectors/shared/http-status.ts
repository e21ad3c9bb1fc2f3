// The phrases of HTTP statuses, for those who write a status line themselves.

const PHRASES: ReadonlyMap<number, string> = new Map([
  [400, "Bad Request"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [429, "Too Many Requests"],
  [503, "Service Unavailable"],
]);

/** A status and its phrase, such as `401 Unauthorized`. */
export function statusWithPhrase(status: number): string {
  return `${status} ${PHRASES.get(status) ?? "Refused"}`;
}
