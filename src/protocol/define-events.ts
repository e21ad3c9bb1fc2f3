// Declares a contract: refuses what could not be kept, and gives clients the checks that go with it.
import { checksOfContracts } from "./checks-of-contracts.ts";
import { createClientChecks } from "./client-checks.ts";
import { assertContract, type ContractShape, isRequestDefinition } from "./contract.ts";
import { invalidArgument, invalidEventName } from "./errors.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { CONTROL_PREFIX, isEventName, isReservedName } from "./names.ts";

/**
 * Declares the events of both directions, once, for both ends.
 *
 * @returns The contract itself, with the names as literal types.
 * @throws {ZapError} `invalid_event_name` for a name that no frame could carry; `invalid_argument` for one that is
 *   reserved, and for a definition that is neither a schema nor a request and its reply.
 *
 * @example
 * export const chat = defineEvents({
 *   clientToServer: { "room:join": { request: v.object({ room: v.string() }), reply: v.array(v.string()) } },
 *   serverToClient: { "chat:said": v.object({ from: v.string(), text: v.string() }) },
 * });
 */
export function defineEvents<const C extends ContractShape>(contract: C): C {
  assertContract(contract);
  for (const direction of ["clientToServer", "serverToClient"] as const) {
    for (const [name, definition] of Object.entries(contract[direction] ?? {})) {
      if (!isEventName(name, DEFAULT_LIMITS.nameLength)) throw invalidEventName(name);
      // Without this, an event whose schema was forgotten would pass unchecked.
      if (!isDefinition(definition)) throw invalidArgument(`"${name}" needs a schema, or a request and a reply.`);
      // A server may send lifecycle names as events (the Python family does), but nobody can ask for their answer.
      const reserved =
        direction === "clientToServer" || isRequestDefinition(definition)
          ? isReservedName(name)
          : name.startsWith(CONTROL_PREFIX);
      if (reserved) throw invalidArgument(`"${name}" is reserved: choose another name.`);
    }
  }
  checksOfContracts.set(contract, () => createClientChecks(contract));
  return contract;
}

function isDefinition(definition: unknown): boolean {
  if (isSchema(definition)) return true;
  if (typeof definition !== "object" || definition === null) return false;
  const { request, reply, errors = {} }: { request?: unknown; reply?: unknown; errors?: object } = definition;
  return [request, reply, ...Object.values(errors)].every(isSchema);
}

function isSchema(value: unknown): boolean {
  return ((typeof value === "object" && value !== null) || typeof value === "function") && "~standard" in value;
}
