// Holds what a server sends a client against their contract. Knows no sockets and no handlers.
import { checkAnswer } from "./check-answer.ts";
import type { ClientChecks } from "./checks-of-contracts.ts";
import { type ContractShape, definitionsOf, isRequestDefinition } from "./contract.ts";
import { invalidPayload } from "./errors.ts";
import { type Validated, validate } from "./validate.ts";

/** The checks of one client. */
export function createClientChecks(contract: ContractShape): ClientChecks {
  const received = definitionsOf(contract.serverToClient);
  const asked = definitionsOf(contract.clientToServer);
  /** The event that is being checked, when that takes time; those after it wait for their turn. */
  let line: Promise<void> | undefined;
  return {
    event(eventName, payload, take, refuse) {
      const definition = received.get(eventName);
      if (definition === undefined && line === undefined) return take(payload);
      const schema = definition !== undefined && isRequestDefinition(definition) ? definition.request : definition;
      const check = () => (schema === undefined ? { value: payload } : validate(schema, payload));
      const conclude = (outcome: Validated) => {
        if (outcome.issues === undefined) take(outcome.value);
        else refuse(invalidPayload(eventName, outcome.issues));
      };
      try {
        const outcome = line === undefined ? check() : line.then(check);
        if (!(outcome instanceof Promise)) return conclude(outcome);
        const turn = outcome.then(conclude, refuse).then(() => {
          if (line === turn) line = undefined;
        });
        line = turn;
      } catch (error) {
        refuse(error);
      }
    },
    answer: (eventName, answer) => checkAnswer(asked.get(eventName), eventName, answer),
  };
}
