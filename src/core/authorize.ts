// Asks the application whether a connection may send an event. Knows nothing of who may what.
import { forbiddenEvent } from "../protocol/errors.ts";
import { isLifecycleEvent } from "../protocol/names.ts";
import { type AnyMiddleware, isPromiseLike } from "./compose.ts";
import type { AnyContext } from "./context.ts";

/**
 * Says whether an event may be handled: anything but true refuses it. Throw a `ZapError` to say more.
 *
 * @example
 * const authorize: Authorize<typeof chat, State> = ({ connection, eventName }) =>
 *   !eventName.startsWith("admin:") || connection.principal?.admin === true;
 */
export type Authorize<C, S> = (context: AnyContext<C, S>) => boolean | Promise<boolean>;

/** The middleware that asks `authorize` about every event of a peer. */
export function authorizing<C, S>(authorize: Authorize<C, S>): AnyMiddleware {
  return (context, next) => {
    // Raised by the library: there is nobody who sent it.
    if (isLifecycleEvent(context.eventName)) return next();
    const goOn = (verdict: unknown) => {
      if (verdict !== true) throw forbiddenEvent(context.eventName);
      return next();
    };
    // The engine's contexts are those of the register's own contract and state.
    const verdict: unknown = authorize(context as unknown as AnyContext<C, S>);
    return isPromiseLike(verdict) ? verdict.then(goOn) : goOn(verdict);
  };
}
