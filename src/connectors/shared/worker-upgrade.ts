// Upgrades the requests of a Worker or a Durable Object. Does not know which of the two accepts the socket.
import { type Admission, type Admitted, Rejected } from "../../core/admission-verdict.ts";
import type { AnyProcessor } from "../../core/event-processor.ts";
import type { Pluggable } from "../../core/register-base.ts";
import type { DurableSocket } from "./durable-types.ts";
import { admissionRequestOf, isUpgrade, protocolHeader, refusalOf, upgradeNeeded } from "./fetch-upgrade.ts";

/** This end of a pair of sockets. */
export interface WorkerSocket extends DurableSocket {
  /** From here on the runtime gives its events to its listeners. */
  accept(): void;
}

// What the runtime has.
declare const WebSocketPair: new () => { readonly 0: WorkerSocket; readonly 1: WorkerSocket };

/**
 * Judges a request, and answers it with one end of a pair of sockets.
 *
 * @param accept - Accepts the other end and plugs it in.
 */
export function upgradeWorker(
  register: Pluggable<AnyProcessor>,
  request: Request,
  accept: (socket: WorkerSocket, admitted: Admitted) => void,
): Response | Promise<Response> {
  if (!isUpgrade(request)) return upgradeNeeded();
  const settle = (admission: Admission) => {
    if (admission instanceof Rejected) return refusalOf(admission);
    const { 0: webSocket, 1: socket } = new WebSocketPair();
    accept(socket, admission);
    return new Response(null, { status: 101, webSocket, headers: protocolHeader(admission) } as ResponseInit);
  };
  // Cloudflare itself sets the header, whatever the peer has sent.
  const address = request.headers.get("cf-connecting-ip") ?? undefined;
  const admission = register.admit(admissionRequestOf(request, address));
  return admission instanceof Promise ? admission.then(settle) : settle(admission);
}
