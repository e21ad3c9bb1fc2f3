// The register users make: the engine's, with a router for its connections. Adds nothing else.

import type { DefaultState } from "../core/context.ts";
import type { CloseOptions } from "../core/drain.ts";
import { stderrLogger } from "../core/logger.ts";
import { masking } from "../core/masking.ts";
import { RegisterBase, type RegisterOptions } from "../core/register-base.ts";
import { sparingly } from "../core/sparingly.ts";
import { systemClock } from "../core/system-clock.ts";
import { assertContract, type ContractShape } from "../protocol/contract.ts";
import type { AnyContract, Untyped } from "../protocol/contract-types.ts";
import { resolveLimits } from "../protocol/limits.ts";
import { ConnectionRouter } from "./connection-router.ts";

/**
 * Holds the handlers of named events, and the live connections of all sockets plugged into it.
 *
 * @typeParam C - The contract, inferred from the argument; or a plain map from names to payloads, for types without
 *   run-time checks. Without either, any event name goes and payloads are `unknown`.
 * @typeParam S - The type of `connection.state`.
 *
 * @example
 * const register = new EventRegister();
 * register.onEvent("hello", async ({ connection }) => {
 *   await connection.send("hello", "HELLO FROM SERVER !!!");
 * });
 */
export class EventRegister<C extends AnyContract = Untyped, S = DefaultState> extends RegisterBase<C, S> {
  readonly #router: ConnectionRouter<C, S>;
  #closing: Promise<void> | undefined;

  /**
   * @param contract - What `defineEvents` returned: payloads are then checked at run time.
   * @throws {ZapError} `invalid_limit` for a limit that is no number above 0; `invalid_argument` for what is no contract.
   */
  constructor(contract?: undefined, options?: RegisterOptions<C, S>);
  constructor(contract: C & ContractShape, options?: RegisterOptions<C, S>);
  constructor(contract?: C & ContractShape, options: RegisterOptions<C, S> = {}) {
    if (contract !== undefined) assertContract(contract);
    const limits = resolveLimits(options.limits);
    const router = new ConnectionRouter<C, S>(limits, options);
    super(contract, options, limits, router);
    this.#router = router;
    const { broker, clock = systemClock, logger = stderrLogger } = options;
    if (broker !== undefined) {
      router.connect(broker, {
        clock,
        brokerFailed: options.onBrokerError ?? sparingly(masking(logger), clock, "broker"),
      });
    }
  }

  /** All live connections: find one, send to one, send to all. */
  get connections(): ConnectionRouter<C, S> {
    return this.#router;
  }

  /**
   * Goes out of service, for good: new connections are refused with 503, and the live ones closed with 1012 once their
   * handlers have finished; then it leaves the other nodes, where a broker joins some. Resolves when all of that is done;
   * may be called again.
   *
   * @example
   * await register.close({ drain: 5_000 });   // before the server itself is closed
   */
  override close(options?: CloseOptions): Promise<void> {
    this.#closing ??= super.close(options).then(() => this.#router.cluster.leave());
    return this.#closing;
  }

  /**
   * The same register, with the type of `connection.state` set.
   *
   * @param create - Makes the state of each new connection. Default: an empty object.
   *
   * @example
   * const register = new EventRegister(chat).withState(() => ({ name: "" }));
   */
  withState<T>(create?: () => T): EventRegister<C, T> {
    if (create !== undefined) this.setState(create);
    return this as unknown as EventRegister<C, T>;
  }
}
