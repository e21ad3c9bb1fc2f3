// Asks the application who a peer is, within a time limit. Does not know what a token means, or what a socket is.
import type { Clock } from "../protocol/clock.ts";
import { invalidArgument } from "../protocol/errors.ts";
import { type HttpResponse, Rejected, rejectedWith } from "./admission-verdict.ts";
import { isPromiseLike } from "./compose.ts";
import { isPrincipal, lifetimeOf, type Principal } from "./principal.ts";
import type { Handshake } from "./transport.ts";

/** What `authenticate` gets. */
export interface AuthenticationRequest extends Handshake {
  /** The token: of the list of subprotocols, of `Authorization: Bearer`, or of `zap:auth`; undefined without one. */
  readonly token: string | undefined;
  /** Who the connection has been so far, when `zap:auth` renews its token. */
  readonly principal: Principal | undefined;
  /** Aborts when nobody waits for the answer any more: the peer has gone, or the time is up. */
  readonly signal: AbortSignal;
}

/** Who it is; or nobody (`undefined`, `null`, `false`), which is 401; or a `Response` to refuse the upgrade with. */
export type Authenticated = Principal | Response | undefined | null | false;

/**
 * Says who asks to connect. What it throws is 401 without a detail for the peer, and a line in the log: one in 5 seconds at
 * most, for a peer can make it throw as often as it likes.
 *
 * @example
 * const authenticate: Authenticate = async ({ token }) => verify(token);
 */
export type Authenticate = (request: AuthenticationRequest) => Authenticated | Promise<Authenticated>;

/** What the engine knows of a request to authenticate. */
export interface Question {
  readonly handshake: Handshake;
  readonly token: string | undefined;
  readonly principal: Principal | undefined;
  /** Aborts when the peer has gone. */
  readonly gone: AbortSignal;
}

/** What authentication needs of its register. */
export interface AuthenticatorOptions {
  readonly authenticate: Authenticate;
  /** Milliseconds it may take. */
  readonly limitMs: number;
  readonly clock: Clock;
  /** Told of what `authenticate` threw. */
  readonly report: (error: unknown) => void;
}

/** The application's `authenticate` with a time limit around it. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** Who it is, or why not. Never rejects, and is never late. */
  verify({ handshake, token, principal, gone }: Question): Promise<Principal | Rejected> {
    const { clock, limitMs } = this.#options;
    const controller = new AbortController();
    return new Promise((resolve) => {
      const settle = (verdict: Principal | Rejected) => {
        cancel();
        gone.removeEventListener("abort", leave);
        controller.abort();
        resolve(verdict);
      };
      const leave = () => settle(new Rejected("gone"));
      const cancel = Number.isFinite(limitMs)
        ? clock.after(limitMs, () => settle(new Rejected("authentication_timeout")))
        : () => {};
      if (gone.aborted) return leave();
      gone.addEventListener("abort", leave);
      const { url, headers, address, source } = handshake;
      this.#ask({ url, headers, address, source, token, principal, signal: controller.signal }).then(settle);
    });
  }

  async #ask(request: AuthenticationRequest): Promise<Principal | Rejected> {
    try {
      const answer: unknown = this.#options.authenticate(request);
      return await judge(isPromiseLike(answer) ? await answer : answer);
    } catch (error) {
      // What comes of a peer that has gone, or after the time, is nobody's concern.
      if (!request.signal.aborted) this.#options.report(error);
      return new Rejected("authentication_failed");
    }
  }
}

function judge(answer: unknown): Principal | Rejected | Promise<Rejected> {
  if (answer === undefined || answer === null || answer === false) return new Rejected("unauthenticated");
  if (isResponse(answer)) return rejectedWith(answer);
  if (!isPrincipal(answer)) {
    throw invalidArgument('authenticate returns { id: "…", expiresAt? }, a Response, or nothing.');
  }
  return lifetimeOf(answer, Date.now()) > 0 ? answer : new Rejected("unauthenticated");
}

function isResponse(value: unknown): value is HttpResponse {
  return typeof Response === "function" && value instanceof Response;
}
