// Where clients find the checks that go with a contract. Apart from the checks themselves, so that a client whose contract
// is known to the compiler only loads none.

/** What a client checks; see client-checks. */
export interface ClientChecks {
  /**
   * Checks an event's payload. Events come out in the order they went in, at once where the schema is synchronous.
   *
   * @param take - Gets the payload as the schema made it.
   * @param refuse - Gets the error, when it does not match or the schema fails.
   */
  event(eventName: string, payload: unknown, take: (payload: unknown) => void, refuse: (error: unknown) => void): void;
  /** The answer to a request, checked. */
  answer(eventName: string, answer: Promise<unknown>): Promise<unknown>;
}

/** Makes the checks of one client, by contract. Whoever declares a contract puts it here. */
export const checksOfContracts: WeakMap<object, () => ClientChecks> = new WeakMap();
