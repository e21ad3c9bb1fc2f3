// The part of the contract's application that asks who connects. Knows no framework and no runtime.
import { type AuthenticationRequest, EventRegister } from "../../src/index.ts";

/** Connections the guarded register takes. */
export const GUARDED_CONNECTIONS = 3;

/** What its `report` request is answered with. */
export interface GuardedReport {
  readonly connections: number;
  /** How often `connected` has run. */
  readonly connected: number;
  /** How many wait for `authenticate`. */
  readonly asking: number;
  /** How many went while they waited, and `authenticate` was told. */
  readonly gone: number;
}

// How long "slow" takes where nobody says that its peer has gone.
const SLOW_MS = 2_000;

/** A register that lets in who has the token "good". */
export function createGuardedApp() {
  const counts = { connected: 0, asking: 0, gone: 0 };
  const quiet = { warn() {}, error() {} };

  const authenticate = async ({ token, signal }: AuthenticationRequest) => {
    // Long enough for a first frame to arrive before the answer.
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (token === "good") return { id: "ada", role: "author" };
    if (token === "unpaid") return new Response("pay first", { status: 402, headers: { "X-Plan": "free" } });
    if (token !== "slow") return undefined;
    counts.asking++;
    await endOf(signal);
    counts.asking--;
    if (signal.aborted) counts.gone++;
    return { id: "sloth" };
  };
  const limits = { connections: GUARDED_CONNECTIONS };
  const register = new EventRegister(undefined, { logger: quiet, limits, authenticate });

  register.onEvent("connected", () => {
    counts.connected++;
  });
  register.onEvent("whoami", ({ connection }) => connection.principal);
  register.onEvent("report", (): GuardedReport => ({ connections: register.connections.size, ...counts }));
  return register;
}

function endOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, SLOW_MS);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
