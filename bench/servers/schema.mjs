// What the echo's payload has to be, for the servers that validate it.
import * as v from "valibot";

export const EchoPayload = v.object({
  id: v.pipe(v.number(), v.integer()),
  text: v.pipe(v.string(), v.maxLength(500)),
});
