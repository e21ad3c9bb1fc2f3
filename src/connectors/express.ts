// Express, and whatever else is a function of request, response and next. Translates only.
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable } from "../core/register-base.ts";
import { behindApp, failPassage, letOn } from "./shared/app-gate.ts";
import { type Attachment, type AttachOptions, attachTo, type UpgradeServer } from "./shared/upgrade.ts";

export type { CloseOptions } from "../core/drain.ts";
export type { Attachment, AttachOptions, UpgradeServer } from "./shared/upgrade.ts";

/** Middleware, a router or a whole application of Express. */
export type ExpressHandler = (request: never, response: never, next: never) => unknown;

/** How a register is attached to the server of an Express application. */
export interface ExpressAttachOptions extends AttachOptions {
  /**
   * Runs before the register is asked: the middleware for sessions, say, or the application with all of its middleware.
   * What it answers itself refuses the upgrade. Default: nothing of Express runs for upgrades.
   */
  readonly app?: ExpressHandler;
}

type Next = (error?: unknown) => void;

/** Registers beside an Express application. */
export const ExpressConnector = {
  /**
   * Accepts WebSockets for `register` at one path of the application's server. `authenticate` gets the request as
   * `source`, with what the middleware has put there.
   *
   * @throws {ZapError} `upgrade_in_use` when the path has a register already; `invalid_argument` for what is no path.
   *
   * @example
   * const server = app.listen(3000);
   * ExpressConnector.attach(server, register, { path: "/ws", app: sessions });
   */
  attach<P extends AnyProcessor>(
    server: UpgradeServer,
    register: Pluggable<P>,
    { app, ...options }: ExpressAttachOptions = {},
  ): Attachment {
    if (app === undefined) return attachTo(server, register, options);
    const handle = app as (request: object, response: object, next: Next) => unknown;
    const gated = behindApp(register, (request, response) =>
      handle(request, response, (error) => {
        if (error === undefined || error === null) letOn(request, request);
        else failPassage(request, error);
      }),
    );
    return attachTo(server, gated, options);
  },

  /**
   * A handler that lets the upgrade go on, for applications that answer every path: it comes before the one that says 404.
   *
   * @example
   * app.get("/ws", requireLogin, ExpressConnector.accept);
   */
  accept(request: object, _response: unknown, next: Next): void {
    if (!letOn(request, request)) next();
  },
};
