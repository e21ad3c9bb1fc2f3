// Which registers may be merged into which, as types. Knows nothing of handlers.
import type { Definitions, Direction, EventName } from "../protocol/contract-types.ts";
import type { DefaultState } from "./context.ts";

/**
 * What a register with contract `D` and state `T` has to be besides, to be merged into one with contract `C` and state
 * `S`: nothing when its events are among those of `C`, described alike, and `S` is all it expects of the state.
 */
export type MergeableInto<C, S, D, T> = [
  ForeignIn<C, D, "clientToServer"> | ForeignIn<C, D, "serverToClient">,
] extends [infer Foreign]
  ? [Foreign] extends [never]
    ? DefaultState extends T
      ? unknown
      : S extends T
        ? unknown
        : { readonly "Its handlers expect another state": T }
    : { readonly "The contract here lacks, or describes otherwise": Foreign }
  : never;

// The names of one direction that are not in `C`, or are not the same there.
type ForeignIn<C, D, X extends Direction> =
  string extends EventName<C, X>
    ? never
    : {
        [K in keyof Definitions<D, X>]: K extends keyof Definitions<C, X>
          ? Definitions<D, X>[K] extends Definitions<C, X>[K]
            ? never
            : K
          : K;
      }[keyof Definitions<D, X>];
