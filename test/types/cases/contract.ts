// The contract of the cases: plain types, and the three validators, with transforms, side by side.
import { type as ark } from "arktype";
import * as v from "valibot";
import { defineEvents, type } from "zaptools";
import { z } from "zod";

export const chat = defineEvents({
  clientToServer: {
    "chat:say": z.object({ room: z.string(), text: z.string() }),
    "chat:edit": v.object({ id: v.number(), text: v.optional(v.string(), "") }),
    typing: type<{ room: string }>(),
    ping: type<undefined>(),
    bye: z.null(),
    "room:join": {
      request: v.object({ room: v.string() }),
      reply: ark({ members: "string[]" }),
      errors: { full: type<{ max: number }>(), banned: type<undefined>() },
    },
    "room:leave": { request: type<{ room: string }>(), reply: type<undefined>() },
    count: { request: z.coerce.number<string>(), reply: v.pipe(v.string(), v.transform(Number)) },
  },
  serverToClient: {
    "chat:said": z.object({ from: z.string(), at: z.coerce.date<string>() }),
    "chat:moved": v.pipe(
      v.string(),
      v.transform((text) => text.length),
    ),
    "chat:closed": ark("string.numeric.parse"),
    notice: type<string | undefined>(),
    tick: type<undefined>(),
    confirm: { request: type<{ question: string }>(), reply: z.boolean(), errors: { busy: type<{ until: number }>() } },
  },
});
