// What tabs tell each other, and the check of what is heard: other scripts of the origin may speak there too.

/** Said by a tab that leads. `from` is always the id of the tab that speaks, `to` that of the one it speaks to. */
export type LeaderNote =
  /** It leads since `term`, and its connection is open or is not. */
  | { readonly kind: "lead"; readonly from: string; readonly term: number; readonly open: boolean }
  /** The session has begun. `welcome`: what the server has said of itself, or "". */
  | {
      readonly kind: "joined";
      readonly from: string;
      readonly to: string;
      readonly session: number;
      readonly welcome: string;
    }
  /** A frame from the server; for every session where `to` is "". */
  | { readonly kind: "frame"; readonly from: string; readonly to: string; readonly text: string }
  /** So many frames of the session were handed to the socket. */
  | {
      readonly kind: "taken";
      readonly from: string;
      readonly to: string;
      readonly session: number;
      readonly taken: number;
    }
  /** The session is over, after so many frames: no other of it was or will be handed to the socket. */
  | {
      readonly kind: "end";
      readonly from: string;
      readonly to: string;
      readonly session: number;
      readonly taken: number;
      readonly code: number;
      readonly reason: string;
    };

/** Said to the tab that leads, whichever it is. */
export type FollowerNote =
  /** Is anybody leading? */
  | { readonly kind: "ask"; readonly from: string }
  /** The user is back here, or the network is: it is worth trying now. */
  | { readonly kind: "wake"; readonly from: string }
  | { readonly kind: "join"; readonly from: string; readonly session: number }
  /** A frame for the server, the `number`th of the session, given away at the instant `at`. */
  | {
      readonly kind: "hand";
      readonly from: string;
      readonly session: number;
      readonly number: number;
      readonly at: number;
      readonly text: string;
    }
  | { readonly kind: "leave"; readonly from: string; readonly session: number };

/** Anything that tabs tell each other. */
export type Note = LeaderNote | FollowerNote;

/** A term so late that none follows. */
export const LAST_TERM: number = 2 ** 52;

const ID_LENGTH = 32;

const isId = (value: unknown) => typeof value === "string" && value.length > 0 && value.length <= ID_LENGTH;
const isText = (value: unknown) => typeof value === "string";
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
const isTerm = (value: unknown) => isCount(value) && Number(value) <= LAST_TERM;
const isInstant = (value: unknown) => Number.isFinite(value);
const isBoolean = (value: unknown) => typeof value === "boolean";

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const ended: Shape = { to: isId, session: isCount, taken: isCount, code: isCount, reason: isText };
const handed: Shape = { session: isCount, number: isCount, at: isInstant, text: isText };
const SHAPES: ReadonlyMap<unknown, Shape> = new Map<Note["kind"], Shape>([
  ["lead", { term: isTerm, open: isBoolean }],
  ["joined", { to: isId, session: isCount, welcome: isText }],
  ["frame", { to: isText, text: isText }],
  ["taken", { to: isId, session: isCount, taken: isCount }],
  ["end", ended],
  ["ask", {}],
  ["wake", {}],
  ["join", { session: isCount }],
  ["hand", handed],
  ["leave", { session: isCount }],
]);

/** What was heard, if it is a note. */
export function parseNote(heard: unknown): Note | undefined {
  const fields: { readonly [field: string]: unknown } = Object(heard);
  const shape = SHAPES.get(fields.kind);
  if (shape === undefined || !isId(fields.from)) return undefined;
  for (const [field, holds] of Object.entries(shape)) if (!holds(fields[field])) return undefined;
  return fields as unknown as Note;
}
