// A request of Node's HTTP server as the register judges it. Looks nothing up before somebody asks. Upgrades nothing.
import type { AdmissionRequest } from "../../core/admission.ts";
import type { UpgradeRequest } from "./ws-types.ts";

/** What is known of a request that asks for an upgrade, or was upgraded. */
export class NodeRequest implements AdmissionRequest {
  readonly source: unknown;
  readonly #request: UpgradeRequest;
  #leaving: AbortController | undefined;

  /** @param source - What the framework calls it. */
  constructor(request: UpgradeRequest, source: unknown = request) {
    this.source = source;
    this.#request = request;
  }

  get url(): string {
    return this.#request.url ?? "/";
  }

  // Asked of the system, which takes longer than all the rest.
  get address(): string | undefined {
    return this.#request.socket.remoteAddress;
  }

  get secure(): boolean {
    return this.#request.socket.encrypted === true;
  }

  /** The headers, by name in any case: this object has no more to do than look them up. */
  get headers(): this {
    return this;
  }

  get(name: string): string | null {
    const { headers } = this.#request;
    const key = name.toLowerCase();
    const value = Object.hasOwn(headers, key) ? headers[key] : undefined;
    return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
  }

  // Looked at only when the application is asked, which may take time.
  get gone(): AbortSignal {
    this.#leaving ??= new AbortController();
    return this.#leaving.signal;
  }

  /** The peer has gone. */
  leave(): void {
    this.#leaving?.abort();
  }
}
