// Holds the answer to a request against the contract. Asks nobody: it is given the promise of the answer.
import { type EventDefinition, isRequestDefinition, type RequestDefinition } from "./contract.ts";
import { invalidReply, UnmeantError } from "./errors.ts";
import { validate } from "./validate.ts";

/**
 * The answer as the contract's schema makes it. A declared error keeps its details only when they match theirs.
 *
 * @param definition - The event's place in the contract; without one the answer is taken as it is.
 * @throws {ZapError} Rejects with `invalid_payload` when the reply does not match. May be left alone.
 */
export function checkAnswer(
  definition: EventDefinition | undefined,
  eventName: string,
  answer: Promise<unknown>,
): Promise<unknown> {
  if (definition === undefined || !isRequestDefinition(definition)) return answer;
  const checked = answer.then(
    async (reply) => {
      const outcome = await validate(definition.reply, reply);
      if (outcome.issues !== undefined) throw invalidReply(eventName, outcome.issues);
      return outcome.value;
    },
    async (error) => {
      throw await checkDetails(definition, error);
    },
  );
  checked.catch(ignore);
  return checked;
}

async function checkDetails({ errors }: RequestDefinition, error: unknown): Promise<unknown> {
  if (!(error instanceof UnmeantError) || errors === undefined) return error;
  const schema = Object.hasOwn(errors, error.code) ? errors[error.code] : undefined;
  if (schema === undefined) return error;
  const outcome = await validate(schema, error.details);
  const details = outcome.issues === undefined ? outcome.value : undefined;
  return new UnmeantError(error.code, error.message, details);
}

function ignore(): void {}
