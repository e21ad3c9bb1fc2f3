// How many connections there are, in all and from each peer, so that no more come than may. Does not know who they are.
import type { Limits } from "../protocol/limits.ts";
import { addressKey } from "./peer-address.ts";

/** Why there is no place left: in all, or for a peer. */
export type Full = "connection_limit" | "address_limit";

/** A place among the connections of a register. */
export interface Slot {
  /** Gives it back; later calls do nothing. */
  release(): void;
}

const UNCOUNTED: Slot = { release() {} };

/** The places of one register. Counts only what is limited. */
export class ConnectionSlots {
  readonly #connections: number;
  readonly #perAddress: number;
  readonly #byAddress = new Map<string, number>();
  #taken = 0;

  constructor({ connections, connectionsPerAddress }: Limits) {
    this.#connections = connections;
    this.#perAddress = connectionsPerAddress;
  }

  /** Takes a place for a peer; says why when there is none. */
  take(peer: { readonly address: string | undefined }): Slot | Full {
    const address = Number.isFinite(this.#perAddress) ? peer.address : undefined;
    if (address === undefined && !Number.isFinite(this.#connections)) return UNCOUNTED;
    if (this.#taken >= this.#connections) return "connection_limit";
    const key = address === undefined ? undefined : addressKey(address);
    if (key !== undefined && (this.#byAddress.get(key) ?? 0) >= this.#perAddress) return "address_limit";
    this.#count(key, 1);
    let taken = true;
    return {
      release: () => {
        if (taken) this.#count(key, -1);
        taken = false;
      },
    };
  }

  #count(key: string | undefined, change: number): void {
    this.#taken += change;
    if (key === undefined) return;
    const count = (this.#byAddress.get(key) ?? 0) + change;
    if (count === 0) this.#byAddress.delete(key);
    else this.#byAddress.set(key, count);
  }
}
