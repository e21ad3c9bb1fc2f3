// Turns what a node answers, or fails with, into text for the one that asked. Does not know what was asked.
import { UnmeantError, unencodablePayload, ZapError } from "../protocol/errors.ts";

/** An answer as it is published. */
export interface AnswerText {
  readonly failed: boolean;
  readonly body: string;
}

const INTERNAL = JSON.stringify({ code: "internal", message: "The node failed." });

/** Runs what answers and writes down what comes of it. Never rejects. */
export async function answerText(answer: () => unknown): Promise<AnswerText> {
  try {
    return { failed: false, body: jsonOf("answer", await answer()) };
  } catch (error) {
    return { failed: true, body: failureText(error) };
  }
}

/** @throws {ZapError} `unencodable_payload` */
export function jsonOf(what: string, value: unknown): string {
  try {
    // What a function or a symbol becomes is undefined, whatever the types say.
    const text: string | undefined = JSON.stringify(value);
    return text ?? "null";
  } catch (cause) {
    throw unencodablePayload(what, cause);
  }
}

/** Only an error that was meant for others is told; see `ZapError`. */
function failureText(error: unknown): string {
  if (!(error instanceof ZapError) || error instanceof UnmeantError) return INTERNAL;
  const { code, message, details } = error;
  try {
    return JSON.stringify({ code, message, details });
  } catch {
    return JSON.stringify({ code, message });
  }
}
