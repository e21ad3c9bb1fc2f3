// What the pages of all frameworks and the server of their tests say to each other.
import { defineEvents, type } from "zaptools";

export const probe = defineEvents({
  clientToServer: {
    say: type<string>(),
    sum: { request: type<number[]>(), reply: type<number>(), errors: { nothing: type<{ least: number }>() } },
    slow: { request: type<string>(), reply: type<string>() },
  },
  serverToClient: {
    tick: type<number>(),
    poll: { request: type<null>(), reply: type<string>() },
  },
});

/** All that the pages need of the contract: its type. */
export type Probe = typeof probe;
