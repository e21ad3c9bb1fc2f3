// The events of the counter that everybody shares, agreed once for the server and the pages of all frameworks.
import * as v from "valibot";
import { defineEvents } from "zaptools";

const step = v.pipe(v.number(), v.integer(), v.minValue(-10), v.maxValue(10));

export const counter = defineEvents({
  clientToServer: {
    "counter:add": step,
    "counter:reset": {
      request: v.null(),
      reply: v.object({ was: v.number() }),
      errors: { zero_already: v.object({ since: v.number() }) },
    },
  },
  serverToClient: {
    "counter:changed": v.object({ value: v.number() }),
  },
});

/** All that a page needs of the contract: its type. */
export type Counter = typeof counter;
