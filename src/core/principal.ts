// Who is behind a connection, as the application established it. Knows no tokens.

/**
 * Who is behind a connection. The toolkit reads `id` and `expiresAt`; everything else is the application's own.
 */
export interface Principal {
  /** Who it is: what `connections.revoke(id)` takes. */
  readonly id: string;
  /** When that stops being true: a moment, or milliseconds since 1970. Default: with the connection. */
  readonly expiresAt?: Date | number | undefined;
  readonly [claim: string]: unknown;
}

/** Whether something can be taken for a principal. */
export function isPrincipal(value: unknown): value is Principal {
  if (typeof value !== "object" || value === null || !("id" in value)) return false;
  return (
    typeof value.id === "string" && value.id !== "" && isMoment("expiresAt" in value ? value.expiresAt : undefined)
  );
}

/** Milliseconds from `now` (since 1970) until a principal expires; `Infinity` for one that does not. */
export function lifetimeOf({ expiresAt }: Principal, now: number): number {
  return expiresAt === undefined ? Number.POSITIVE_INFINITY : Number(expiresAt) - now;
}

function isMoment(value: unknown): boolean {
  return value === undefined || ((typeof value === "number" || value instanceof Date) && !Number.isNaN(Number(value)));
}
