// Koa: its middleware runs over requests to upgrade. Translates only.
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable } from "../core/register-base.ts";
import { behindApp, letOn } from "./shared/app-gate.ts";
import { type Attachment, type AttachOptions, attachTo, type UpgradeServer } from "./shared/upgrade.ts";

export type { CloseOptions } from "../core/drain.ts";
export type { Attachment, AttachOptions, UpgradeServer } from "./shared/upgrade.ts";

/** The part of a Koa application that is used here. */
export interface KoaApp {
  readonly middleware: readonly unknown[];
  callback(): (request: never, response: never) => unknown;
}

/** The part of Koa's context that is used here. */
export interface KoaContext {
  readonly req: object;
  respond?: boolean;
}

/** How a register is attached to the server of a Koa application. */
export interface KoaAttachOptions extends AttachOptions {
  /**
   * The application whose middleware runs before the register is asked. What it answers itself refuses the upgrade.
   * Default: nothing of Koa runs for upgrades.
   */
  readonly app?: KoaApp;
}

/** Registers beside a Koa application. */
export const KoaConnector = {
  /**
   * Accepts WebSockets for `register` at one path of the application's server. `authenticate` gets Koa's context as
   * `source`, with what the middleware has put there. Middleware that is added later does not run for upgrades.
   *
   * @throws {ZapError} `upgrade_in_use` when the path has a register already; `invalid_argument` for what is no path.
   *
   * @example
   * const server = app.listen(3000);
   * KoaConnector.attach(server, register, { path: "/ws", app });
   */
  attach<P extends AnyProcessor>(
    server: UpgradeServer,
    register: Pluggable<P>,
    { app, ...options }: KoaAttachOptions = {},
  ): Attachment {
    if (app === undefined) return attachTo(server, register, options);
    // The same application, settings and all, with an end to its middleware that answers nothing.
    const middleware = { value: [...app.middleware, KoaConnector.accept] };
    const gate: KoaApp = Object.create(app, { middleware });
    const handle = gate.callback() as (request: object, response: object) => unknown;
    return attachTo(server, behindApp(register, handle), options);
  },

  /**
   * Middleware that lets the upgrade go on, for applications that answer every path: it comes before the one that does.
   *
   * @example
   * router.get("/ws", requireLogin, KoaConnector.accept);
   */
  accept(context: KoaContext, next: () => Promise<unknown>): unknown {
    if (!letOn(context.req, context)) return next();
    context.respond = false;
    return undefined;
  },
};
