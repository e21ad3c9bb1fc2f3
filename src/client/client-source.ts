// Which client components use: one they are given, or one for where they are to connect to. Knows no framework.
import type { AnyContract } from "../protocol/contract-types.ts";
import type { ClientOptions, Source } from "./client-types.ts";
import { ensure, ZapClient } from "./core.ts";

/** What a provider with props takes: a client that is there, or where to connect to. */
export type ClientProps<C extends AnyContract> =
  | { readonly client: ZapClient<C>; readonly url?: undefined; readonly options?: undefined }
  | {
      readonly client?: undefined;
      /** As `new ZapClient(url, options)` takes it. Read once. */
      readonly url: Source<string | URL>;
      /** Read once. */
      readonly options?: ClientOptions<C> | undefined;
    };

/** `given`, or a new client that connects to it. */
export function clientOf<C extends AnyContract>(
  given: ZapClient<C> | Source<string | URL>,
  options?: ClientOptions<C>,
): ZapClient<C> {
  return given instanceof ZapClient ? given : new ZapClient<C>(given, options);
}

/** The client a component found. @throws {ZapError} `invalid_argument` when no component above provides one. */
export function provided<C extends AnyContract>(client: ZapClient<C> | undefined): ZapClient<C> {
  ensure(client, "invalid_argument", "no provider above");
  return client;
}
