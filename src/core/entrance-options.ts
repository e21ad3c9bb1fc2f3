// Puts together what all entrances of a register share, from what the user said of it. Lets nobody in itself.
import type { Clock } from "../protocol/clock.ts";
import { invalidArgument } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import { Door } from "./admission.ts";
import type { RejectionReason } from "./admission-verdict.ts";
import { type Authenticate, Authenticator } from "./authentication.ts";
import type { EntranceOptions } from "./entrance.ts";
import { TrustedProxies } from "./peer-address.ts";

/** What a user says about who may connect; `RegisterOptions` explains it. */
interface Said {
  readonly origins?: readonly string[];
  readonly authenticate?: Authenticate;
  readonly authenticateLater?: boolean;
  readonly trustedProxies?: readonly string[];
}

/** The register's own parts that entrances need. */
interface Parts {
  readonly limits: Limits;
  readonly clock: Clock;
  /** Told of what `authenticate` threw. It must not throw. */
  readonly report: (error: unknown) => void;
  readonly count: (reason: RejectionReason) => void;
}

/** @throws {ZapError} `invalid_argument` for options that contradict each other, and for what is no address. */
export function entranceOptions(
  { origins = [], authenticate, authenticateLater: later = false, trustedProxies = [] }: Said,
  { limits, clock, report, count }: Parts,
): EntranceOptions {
  if (later && authenticate === undefined)
    throw invalidArgument("authenticateLater needs an authenticate that judges the token of zap:auth.");
  const limitMs = limits.authenticationMs;
  const authenticator = authenticate && new Authenticator({ authenticate, limitMs, clock, report });
  const proxies = new TrustedProxies(trustedProxies);
  return {
    door: new Door({ limits, origins: [...origins], proxies, authenticator, later, count }),
    access: { clock, authenticator, limitMs },
  };
}
