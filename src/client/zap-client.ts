// Puts the parts of a client together; decides nothing itself. What each function does is said in client-api.
import { checksOfContracts } from "../protocol/checks-of-contracts.ts";
import type { AnyContract, Untyped } from "../protocol/contract-types.ts";
import { ensure, ZapError } from "../protocol/errors.ts";
import { createAudience } from "./audience.ts";
import { caller } from "./call.ts";
import type { ZapClient as Client, ZapClientConstructor } from "./client-api.ts";
import { clientLimits } from "./client-limits.ts";
import type { ClientOptions, Source } from "./client-types.ts";
import { createDispatch } from "./dispatch.ts";
import { createLink } from "./link.ts";
import { wallClock } from "./wall-clock.ts";

/** See {@link Client}. */
export type ZapClient<C extends AnyContract = Untyped> = Client<C>;

/** Makes clients. */
export const ZapClient: ZapClientConstructor = class {
  constructor(url: Source<string | URL>, options: ClientOptions<unknown> = {}) {
    const { clock = wallClock, onError = console.error, contract } = options;
    const limits = clientLimits(options.limits);
    // Of what is sent: the server may take less than it sends.
    const sent = { ...limits };
    const checks = checksOfContracts.get(contract as object)?.();
    ensure(!contract || checks, "invalid_argument", "contract");
    const call = caller(onError);
    const [audience, change, emit] = createAudience(clock, call);
    const dispatch = createDispatch(call, emit, sent, checks);
    const link = createLink(url, options, [clock, call, change, audience], limits, sent, checks, dispatch);
    Object.assign(this, audience, link, {
      isFailure: (_eventName: string, error: unknown) => error instanceof ZapError,
    });
  }
} as unknown as ZapClientConstructor;
