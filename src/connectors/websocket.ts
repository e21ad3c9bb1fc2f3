// Any socket like the WHATWG standard's, on a runtime that has no connector of its own. Translates only.
import { type Admitted, Rejected } from "../core/admission-verdict.ts";
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable, PlugOptions } from "../core/register-base.ts";
import type { Handshake } from "../core/transport.ts";
import { admissionRequestOf, type FetchRequest, handshakeOf, refusalOf } from "./shared/fetch-upgrade.ts";
import { plugWhatwg } from "./shared/whatwg-plug.ts";
import type { WhatwgSocket } from "./shared/whatwg-types.ts";

export type { FetchRequest } from "./shared/fetch-upgrade.ts";
export type { WhatwgEvent, WhatwgSocket } from "./shared/whatwg-types.ts";

/** Sockets with `send`, `close` and `addEventListener` (or `onmessage`, `onclose`), whoever accepted them. */
export const WebSocketConnector = {
  /**
   * Judges a request before the runtime upgrades it.
   *
   * @param address - The address at the other end, where the runtime tells.
   * @returns What `plug` takes once the socket is there; or the response to refuse the upgrade with. It never rejects.
   *
   * @example
   * const admitted = await WebSocketConnector.admit(register, request);
   * if (admitted instanceof Response) return admitted;
   */
  async admit(
    register: Pluggable<AnyProcessor>,
    request: FetchRequest,
    address?: string,
  ): Promise<Admitted | Response> {
    const admission = await register.admit(admissionRequestOf(request, address));
    return admission instanceof Rejected ? refusalOf(admission) : admission;
  },

  /**
   * Plugs one socket into a register. Synchronous: call it before anything is awaited, and no frame is lost.
   *
   * @param asking - What `admit` returned, or the request that was upgraded: it is judged now, and a peer that may not
   *   connect is closed. Default: a request nothing is known of.
   * @returns The processor; events run once its `startEventStream()` has been called.
   * @throws {ZapError} `already_plugged`; `duplicate_id`.
   *
   * @example
   * const processor = WebSocketConnector.plug(register, socket, admitted);
   * await processor.startEventStream();
   */
  plug<P extends AnyProcessor>(
    register: Pluggable<P>,
    socket: WhatwgSocket,
    asking: Admitted | Handshake | FetchRequest = UNKNOWN,
    options?: PlugOptions,
  ): P {
    return plugWhatwg(register, socket, "headers" in asking ? handshakeOf(asking, addressOf(asking)) : asking, options);
  },
};

const UNKNOWN: Handshake = { url: "/", headers: { get: () => null }, address: undefined };

function addressOf(asking: Handshake | FetchRequest): string | undefined {
  return "address" in asking ? asking.address : undefined;
}
