// Runs middleware around a handler. The whole middleware engine; knows nothing of events but their name.
import { nextCalledTwice } from "../protocol/errors.ts";
import type { AnyContext, Context } from "./context.ts";

/**
 * Something that runs around handlers. It may look at the context, fill `context.state`, refuse by throwing a
 * `ZapError`, and do more once `next()` has resolved.
 *
 * @example
 * register.use(async (context, next) => {
 *   const start = performance.now();
 *   await next();
 *   console.log(context.eventName, performance.now() - start);
 * });
 */
export type Middleware<C, S> = (context: AnyContext<C, S>, next: Next) => unknown;

/**
 * Runs the rest: resolves when it is done, fails as it fails. A second call throws `next_called_twice`, and one that
 * comes when the connection or the handler's time is over throws `disconnected` or `handler_timeout`: the rest does not
 * run then. What a synchronous handler throws comes out of the call itself.
 */
export type Next = () => Promise<void>;

/** A handler, or a chain that ends in one, as the engine calls it. */
export type Run = (context: Context) => unknown;

/** The engine's own view of a middleware. */
export type AnyMiddleware = (context: Context, next: Next) => unknown;

/** What a chain returns when a middleware ended it without `next()`, or took what the handler threw. */
export const NOT_HANDLED: unique symbol = Symbol("not handled");

const DONE: Promise<void> = Promise.resolve();

/** Whether there is something to wait for. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/**
 * Makes one function of middleware and handler, first to last. It returns what the handler returned, whatever the
 * middleware return, and a promise only when one of them did. Rest that a middleware did not wait for is waited for.
 */
export function compose(middleware: readonly AnyMiddleware[], handler: Run): Run {
  if (middleware.length === 0) return handler;
  return (context) => {
    let result: unknown = NOT_HANDLED;
    const unfinished = new Set<Promise<void>>();

    const dispatch = (index: number): unknown => {
      const current = middleware[index];
      if (current === undefined) {
        const returned = handler(context);
        if (!isPromiseLike(returned)) {
          result = returned;
          return undefined;
        }
        // Not the promise itself: a middleware may take what it fails with.
        return Promise.resolve(returned).then((value) => {
          result = value;
        });
      }
      let called = false;
      return current(context, () => {
        if (called) throw nextCalledTwice(context.eventName);
        called = true;
        if (context.abortReason !== undefined) throw context.abortReason;
        const rest = dispatch(index + 1);
        return isPromiseLike(rest) ? track(rest, unfinished) : DONE;
      });
    };

    const outcome = dispatch(0);
    if (unfinished.size === 0 && (outcome === DONE || !isPromiseLike(outcome))) return result;
    return settle(outcome, unfinished).then(() => result);
  };
}

/** A promise that a middleware may forget: it is owned here until it is settled. */
function track(rest: PromiseLike<unknown>, unfinished: Set<Promise<void>>): Promise<void> {
  const tracked = Promise.resolve(rest).then(() => undefined);
  const forget = () => unfinished.delete(tracked);
  unfinished.add(tracked);
  tracked.then(forget, forget);
  return tracked;
}

/** Waits for all of it, and fails with what failed first. */
async function settle(outcome: unknown, unfinished: ReadonlySet<Promise<void>>): Promise<void> {
  const failures: unknown[] = [];
  const note = (error: unknown) => void failures.push(error);
  await Promise.resolve(outcome).catch(note);
  // What is added on the way is waited for too.
  for (const rest of unfinished) await rest.catch(note);
  if (failures.length > 0) throw failures[0];
}
