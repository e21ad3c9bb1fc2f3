// Admission under frameworks of Node that upgrade by themselves: asked in a hook before, plugged in after, and nothing
// is kept for a request whose upgrade never came. Upgrades nothing.
import { type Admission, Admitted, Rejected } from "../../core/admission-verdict.ts";
import type { AnyProcessor } from "../../core/event-processor.ts";
import type { Pluggable } from "../../core/register-base.ts";
import { NodeRequest } from "./node-request.ts";
import type { UpgradeRequest } from "./ws-types.ts";

/** Judges a request; whoever has gone meanwhile is not admitted. `source` is what the framework calls it. */
export async function admitUpgrade(
  register: Pluggable<AnyProcessor>,
  request: UpgradeRequest,
  source: unknown,
): Promise<Admission> {
  const { socket } = request;
  const asking = new NodeRequest(request, source);
  const leave = () => asking.leave();
  socket.once("close", leave);
  const admission = await register.admit(asking);
  socket.off("close", leave);
  if (!(admission instanceof Admitted) || !socket.destroyed) return admission;
  admission.abandon();
  return new Rejected("gone");
}

type Socket = UpgradeRequest["socket"];

/** Those who were admitted, from the hook to the plug. */
export class Admissions {
  readonly #waiting = new WeakMap<object, { readonly admitted: Admitted; readonly forget: () => void }>();

  /** Keeps one until it is taken. When its socket closes before, its place is given to somebody else. */
  keep(request: object, admitted: Admitted, socket: Socket | undefined): void {
    const abandon = () => this.abandon(request);
    socket?.once("close", abandon);
    // A listener that stayed would keep the request for as long as the connection lives.
    this.#waiting.set(request, { admitted, forget: () => socket?.off("close", abandon) });
  }

  /** Takes the one of a request; undefined where none was asked for. */
  take(request: object): Admitted | undefined {
    const { admitted, forget } = this.#waiting.get(request) ?? {};
    this.#waiting.delete(request);
    forget?.();
    return admitted;
  }

  /** The upgrade did not come. */
  abandon(request: object): void {
    this.take(request)?.abandon();
  }
}
