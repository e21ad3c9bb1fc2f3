// A socket of a Worker as a transport: it throws whenever anything but an event of its own connection touches it.
import type { Outgoing, Transport } from "../../core/transport.ts";
import type { SendOutcome } from "../../protocol/contract-types.ts";
import { WhatwgTransport } from "./whatwg-transport.ts";
import type { WhatwgSocket } from "./whatwg-types.ts";

/** One socket that a Worker has accepted. */
export class WorkerTransport extends WhatwgTransport implements Transport {
  readonly unwatched = true;
  #overdue: (() => void) | undefined;

  constructor(socket: WhatwgSocket) {
    super(socket);
    socket.addEventListener?.("message", () => this.#overdue?.());
  }

  override send(outgoing: Outgoing): SendOutcome {
    return attempt(() => super.send(outgoing), "dropped");
  }

  override bufferedAmount(): number {
    return attempt(() => super.bufferedAmount(), 0);
  }

  /** What somebody else's event closes, such as `connections.revoke`, is closed with the next frame of its peer. */
  override close(code: number, reason: string): void {
    this.#overdue = () => super.close(code, reason);
    attempt(this.#overdue, undefined);
  }

  override terminate(): void {
    attempt(() => super.terminate(), undefined);
  }
}

function attempt<T>(act: () => T, otherwise: T): T {
  try {
    return act();
  } catch {
    return otherwise;
  }
}
