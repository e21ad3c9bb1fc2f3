// Asks members one by one, and writes down what they answered for another node. Does not know who asks.
import type { RoomAnswer } from "../core/room.ts";
import { unexpected, ZapError } from "../protocol/errors.ts";
import { isJsonObject } from "../protocol/headers.ts";
import { parseErrorReply } from "../protocol/reply.ts";

/** Waits for the answer of one member. Never rejects. */
export async function answerOf<R>(id: string, answer: Promise<R>): Promise<RoomAnswer<R>> {
  try {
    return { id, status: "answered", reply: await answer };
  } catch (error) {
    // A schema of the contract may throw what it likes; that is this member's failure, not the room's.
    const failure = error instanceof ZapError ? error : unexpected(error);
    return failure.code === "disconnected" ? { id, status: "left" } : { id, status: "failed", error: failure };
  }
}

/** An answer as JSON can hold it. */
export function writeAnswer(answer: RoomAnswer<unknown>): object {
  if (answer.status !== "failed") return answer;
  const { code, message, details } = answer.error;
  return { id: answer.id, status: "failed", error: { code, message, details } };
}

/** Reads answers that another node has written, field by field; what is none is left out. */
export function readAnswers(value: unknown): RoomAnswer<unknown>[] {
  return Array.isArray(value) ? value.flatMap((one) => readAnswer(one) ?? []) : [];
}

function readAnswer(value: unknown): RoomAnswer<unknown> | undefined {
  if (!isJsonObject(value)) return undefined;
  const { id, status, reply = null, error } = value;
  if (typeof id !== "string") return undefined;
  if (status === "answered") return { id, status, reply };
  if (status === "failed") return { id, status, error: parseErrorReply(error) };
  return status === "left" ? { id, status } : undefined;
}
