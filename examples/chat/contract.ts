// The events of the chat, agreed once for the server and the page. Knows no sockets and no rooms.
import * as v from "valibot";
import { defineEvents, type } from "zaptools";
import { LONGEST } from "./longest.ts";

/** Text that has something in it. The messages are read by people: the page shows them as they are. */
const text = (subject: string) =>
  v.pipe(
    v.string(`${subject} has to be text.`),
    v.trim(),
    v.minLength(1, `${subject} is empty.`),
    v.maxLength(LONGEST, `${subject} is over ${LONGEST} characters long.`),
  );

/** A text that fits on one line: it stands in lists and headings. */
const label = (subject: string) =>
  v.pipe(text(subject), v.regex(/^[^\p{Cc}\p{Cs}]*$/u, `${subject} holds characters that cannot be shown.`));

const names = v.array(v.string());

/**
 * What the page and the server say to each other. `chat:join` and `chat:say` are requests, so that whoever asks learns
 * what became of it; a peer that sends them as plain events is served all the same.
 */
export const chat = defineEvents({
  clientToServer: {
    hello: type<unknown>(),
    "room:list": {
      request: type<null | undefined>(),
      reply: v.object({ rooms: v.array(v.object({ name: v.string(), members: v.number() })) }),
    },
    /** Which process this is, where there are several. */
    "chat:node": { request: type<null | undefined>(), reply: v.object({ node: v.string() }) },
    "chat:join": {
      /** `visit` is one page of one person, so that they are not listed twice when they come back. */
      request: v.object({ name: label("The name"), room: label("The room"), visit: v.optional(label("The visit")) }),
      reply: v.object({ members: names }),
      errors: { room_full: v.object({ members: v.number() }) },
    },
    "chat:say": {
      request: v.object({ text: text("The text") }),
      reply: v.object({ at: v.number() }),
    },
    "chat:typing": v.nullish(v.object({})),
  },
  serverToClient: {
    hello: v.string(),
    "chat:joined": v.object({ name: v.string(), members: names }),
    "chat:left": v.object({ name: v.string(), members: names }),
    /** `at`: milliseconds since 1970, by the server's clock. */
    "chat:said": v.object({ from: v.string(), text: v.string(), at: v.number() }),
    "chat:typing": v.object({ from: v.string() }),
    error: v.object({
      eventName: v.string(),
      code: v.string(),
      message: v.string(),
      details: v.optional(v.unknown()),
    }),
  },
});

/** The contract's type: all a page needs of it. */
export type Chat = typeof chat;
