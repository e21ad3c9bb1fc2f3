// How the applications under attack know their peers: by tokens that say what is to become of them. Runs in the server.

import type { DefaultState } from "../../src/core/context.ts";
import type { AuthenticationRequest, Principal, RegisterOptions } from "../../src/index.ts";
import type { Untyped } from "../../src/protocol/contract-types.ts";

type Options = RegisterOptions<Untyped, DefaultState>;

/** What no peer and no log may ever get to see: error texts, answers and logs are searched for it. */
export const SECRET = "hunter2-the-password-of-the-database";

/** What every token ends with; searched for likewise. */
export const TOKEN_MARK = "-this-is-a-token";

/**
 * `plain`: no options at all. `guarded`: nobody comes in without a token, nor with too many others. `gated`: a token may
 * be sent as the first event.
 */
export type Variant = "plain" | "guarded" | "gated";

/** Connections of a guarded server, and of one address there. */
export const CONNECTIONS = 24;
export const PER_ADDRESS = 8;

/** Milliseconds that authentication may take. */
export const AUTHENTICATION_MS = 400;

/** The options of a register. */
export function optionsOf(variant: Variant): Options | undefined {
  if (variant === "plain") return undefined;
  const common: Options = {
    authenticate,
    // What only an administrator may do.
    authorize: ({ eventName, connection }) => !eventName.startsWith("admin:") || connection.principal?.id === "admin",
  };
  if (variant === "gated") {
    return { ...common, authenticateLater: true, limits: { authenticationMs: AUTHENTICATION_MS } };
  }
  return {
    ...common,
    // Peers of the attacks come from here, and say where else they claim to come from.
    trustedProxies: ["127.0.0.1", "::1"],
    limits: {
      authenticationMs: AUTHENTICATION_MS,
      connections: CONNECTIONS,
      connectionsPerAddress: PER_ADDRESS,
    },
  };
}

/** Judges tokens such as `is:ann`, `is:ann:500` (for so many milliseconds), `waits:50`, `hangs`, `throws`. */
async function authenticate({ token }: AuthenticationRequest): Promise<Principal | Response | undefined> {
  const [what, argument = "", more] = token?.replace(TOKEN_MARK, "").split(":") ?? [];
  switch (what) {
    case "is":
      return { id: argument, expiresAt: more === undefined ? undefined : Date.now() + Number(more) };
    case "waits":
      await new Promise((resolve) => setTimeout(resolve, Number(argument)));
      return { id: "late" };
    case "hangs":
      return new Promise(() => {});
    case "throws":
      throw new Error(`${SECRET}: nobody knows this one`);
    case "throws null":
      throw null;
    case "answers":
      return new Response("no tea here", { status: Number(argument), headers: { "X-Why": "coffee" } });
    case "nonsense":
      return { id: 7 } as unknown as Principal;
    default:
      return undefined;
  }
}
