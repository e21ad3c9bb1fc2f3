// What is plugged in besides the socket. Holds no values.
import type { Carried } from "./carried.ts";
import type { Principal } from "./principal.ts";

/** What is plugged in besides the socket. */
export interface PlugOptions {
  /** The connection's id. Default: `zpt-` and a UUID. */
  readonly id?: string;
  /** Who it is, where you have established that yourself; `authenticate` is not asked then. */
  readonly principal?: Principal;
  /**
   * What the connection carried when it was last seen: it goes on from there. `connected` does not run again and no hook
   * of a room is asked or told; `disconnected` runs at its end. For connectors of runtimes that forget programs while
   * their sockets stay.
   */
  readonly resume?: Carried;
}
