// Puts the parts of a client together; decides nothing itself. What each function does is said in client-api.

import { type ClientChecks, checksOfContracts } from "../protocol/checks-of-contracts.ts";
import type { AnyContract, Untyped } from "../protocol/contract-types.ts";
import { brief, ZapError } from "../protocol/errors.ts";
import { CONTROL_PREFIX } from "../protocol/names.ts";
import { caller } from "./call.ts";
import type { ZapClient as Client, ZapClientConstructor } from "./client-api.ts";
import { clientLimits } from "./client-limits.ts";
import type { ClientOptions, Source } from "./client-types.ts";
import type { Core } from "./core.ts";
import { createHandlers } from "./handlers.ts";
import { createLink } from "./link.ts";
import { createOutgoing, type OutgoingApi } from "./outgoing.ts";
import { createState } from "./state.ts";
import { wallClock } from "./wall-clock.ts";
import { read } from "./wire.ts";

class ClientOfParts {
  constructor(url: Source<string | URL>, options: ClientOptions<unknown> = {}) {
    const { clock = wallClock, onError = console.error } = options;
    const limits = clientLimits(options.limits);
    // What the server takes may be less than what it sends.
    const sent = { ...limits };
    const checks = checksOf(options.contract);
    const call = caller(onError);
    const [state, change] = createState(clock, call);
    const core: Core = { options, clock, limits, sent, call, getSnapshot: state.getSnapshot, change };
    const [handlers, dispatch] = createHandlers(core, state.subscribe);
    const [outgoing, flush, lost, answer] = createOutgoing(core, () => live());
    const [link, live, control] = createLink(core, url, state.ready, { flush, received, lost });

    /** Takes a frame. @throws when it is none the server should send */
    function received(data: unknown, reply: (text: string) => void): void {
      const { eventName, payload = null, headers } = read(data, limits, "received");
      const { zap, ...own } = headers ?? {};
      const { id, re }: { id?: unknown; re?: unknown } = zap ?? {};
      const take = (checked: unknown, failure?: unknown) =>
        dispatch({ eventName, payload: checked, headers: own }, id, reply, failure);
      if (eventName.startsWith(CONTROL_PREFIX)) control(eventName, payload);
      else if (re !== undefined) answer(re, eventName, payload);
      else if (checks === undefined) take(payload);
      else checks.event(eventName, payload, take, (failure) => take(payload, failure));
    }

    const isFailure = (_eventName: string, error: unknown) => error instanceof ZapError;
    const request: OutgoingApi["request"] = (eventName, payload, given) => {
      const answered = outgoing.request(eventName, payload, given);
      return checks?.answer(eventName, answered) ?? answered;
    };
    Object.assign(this, state, handlers, outgoing, link, { isFailure, request });
  }
}

function checksOf(contract: object | undefined): ClientChecks | undefined {
  const create = contract && checksOfContracts.get(contract);
  if (contract !== undefined && create === undefined) throw brief("invalid_argument", "contract");
  return create?.();
}

/** See {@link Client}. */
export type ZapClient<C extends AnyContract = Untyped> = Client<C>;

/** Makes clients. */
export const ZapClient: ZapClientConstructor = ClientOfParts as unknown as ZapClientConstructor;
