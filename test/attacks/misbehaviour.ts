// What handlers of an application can do wrong, by name. Knows no register.

/** An error's code, or its text: what an application may tell of it. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  try {
    if ("code" in error) return String(error.code);
    return error instanceof Error ? error.message : "an object";
  } catch {
    return "unreadable";
  }
}

/** Goes wrong in the way `how` says. */
export function misbehave(how: string, secret: string): unknown {
  switch (how) {
    case "throws":
      throw new Error(secret);
    case "throws null":
      throw null;
    case "throws undefined":
      throw undefined;
    case "throws a symbol":
      throw Symbol(secret);
    case "throws what cannot be read":
      throw new Proxy(
        {},
        {
          get() {
            throw new Error(secret);
          },
          has() {
            throw new Error(secret);
          },
        },
      );
    case "rejects":
      return Promise.reject(new Error(secret));
    case "rejects with null":
      return Promise.reject(null);
    case "rejects later":
      return new Promise((_resolve, reject) => setTimeout(() => reject(new Error(secret)), 5));
    case "never ends":
      return new Promise(() => {});
    case "ends late":
      return new Promise((_resolve, reject) => setTimeout(() => reject(new Error(secret)), 200));
    case "calls back twice":
      return thenable((resolve, reject) => {
        resolve("first");
        resolve("second");
        reject(new Error(secret));
      });
    case "fails after it succeeded":
      return thenable((resolve, reject) => {
        setTimeout(() => resolve("first"), 5);
        setTimeout(() => reject(new Error(secret)), 10);
      });
    case "throws as it is awaited":
      return thenable(() => {
        throw new Error(secret);
      });
    case "returns what cannot be sent":
      return { id: 1n };
    case "returns a function":
      return () => secret;
    default:
      return null;
  }
}

// As libraries make them that are older than promises.
function thenable(then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void): object {
  return { then };
}

/** A payload that cannot be encoded. */
export function unencodable(how: string): unknown {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  let deep: unknown[] = [];
  for (let level = 0; level < 20_000; level++) deep = [deep];
  const payloads: ReadonlyMap<string, unknown> = new Map<string, unknown>([
    ["a cycle", cycle],
    ["a BigInt", { id: 1n }],
    ["far too deep", deep],
    ["too deep for the limit", JSON.parse(`${"[".repeat(70)}${"]".repeat(70)}`)],
    ["too large", "x".repeat(70_000)],
    [
      "a toJSON that throws",
      {
        toJSON() {
          throw new Error("no");
        },
      },
    ],
    [
      "a getter that throws",
      Object.defineProperty({}, "x", {
        enumerable: true,
        get() {
          throw null;
        },
      }),
    ],
    ["a function", () => {}],
  ]);
  return payloads.get(how);
}
