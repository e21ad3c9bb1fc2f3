// Has the application of a framework run over requests to upgrade before the register is asked: its sessions are read
// then, and what it answers itself refuses the upgrade. Knows no framework.
import { type IncomingMessage, ServerResponse } from "node:http";
import type { AdmissionRequest } from "../../core/admission.ts";
import { type Admission, Rejected } from "../../core/admission-verdict.ts";
import type { AnyProcessor } from "../../core/event-processor.ts";
import type { Pluggable } from "../../core/register-base.ts";
import { systemClock } from "../../core/system-clock.ts";

/** Runs the application over a request to upgrade. What it throws or rejects with ends the request with 500. */
export type RunApp = (request: object, response: object) => unknown;

/** How a request came out: the application let it on, and calls it `source`; or it is over. */
type Passage = { readonly source: unknown } | Rejected;

const inPassage = new WeakMap<object, (passage: Passage) => void>();

/**
 * Lets a request to upgrade on.
 *
 * @param source - What the framework calls it, for `authenticate`.
 * @returns False for a request that is no such: somebody has opened the path in a browser.
 */
export function letOn(request: object, source: unknown): boolean {
  const settle = inPassage.get(request);
  settle?.({ source });
  return settle !== undefined;
}

/** The application failed; it is answered like any other request of which that is true. */
export function failPassage(request: object, error: unknown): void {
  const { status = 500 }: { status?: unknown } = Object(error);
  const honest = typeof status === "number" && status >= 400 && status <= 599 ? status : 500;
  // As frameworks do with errors that nobody handles.
  if (honest >= 500) console.error(error);
  inPassage.get(request)?.(new Rejected("forbidden", { status: honest, headers: [], body: "Not accepted." }));
}

/** A register that is asked once the application has let a request on. */
export function behindApp<P extends AnyProcessor>(register: Pluggable<P>, run: RunApp): Pluggable<P> {
  return {
    limits: register.limits,
    plug: (transport, asking, options) => register.plug(transport, asking, options),
    async admit(request): Promise<Admission> {
      const passage = await passThrough(request, run, register.limits.authenticationMs);
      if (passage instanceof Rejected) return passage;
      const { url, headers, address, secure, gone } = request;
      const { source } = passage;
      return register.admit({ url, headers, address, secure, source, ...(gone === undefined ? {} : { gone }) });
    },
  };
}

function passThrough({ source: given, gone }: AdmissionRequest, run: RunApp, limitMs: number): Promise<Passage> {
  // What attaches registers to servers of Node hands on the request it got from them.
  const source = given as IncomingMessage;
  const { socket } = source;
  const response = new ServerResponse(source);
  // Nobody reads a second request from this socket.
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  return new Promise((resolve) => {
    const settle = (passage: Passage) => {
      cancel();
      gone?.removeEventListener("abort", leave);
      inPassage.delete(source);
      response.off("finish", end);
      response.detachSocket(socket);
      if (!(passage instanceof Rejected)) finish(response);
      resolve(passage);
    };
    // Answered by the application: nothing is left to be done but to wait until the socket has closed.
    const end = () => socket.end();
    const leave = () => settle(new Rejected("gone"));
    const cancel = Number.isFinite(limitMs)
      ? systemClock.after(limitMs, () => settle(new Rejected("authentication_timeout")))
      : () => {};
    inPassage.set(source, settle);
    gone?.addEventListener("abort", leave);
    response.once("finish", end);
    Promise.resolve()
      .then(() => run(source, response))
      .catch((error) => failPassage(source, error));
  });
}

/** For all who watch the response, the request is over: what becomes of the socket is no concern of theirs. */
function finish(response: ServerResponse): void {
  response.statusCode = 101;
  response.emit("finish");
}
