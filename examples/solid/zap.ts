// The primitives of this page, typed by its contract.
import { createZapBindings } from "zaptools/solid";
import type { Counter } from "../counter/contract.ts";

export const { ZapProvider, useZap, useZapState, useEvent, useRequest } = createZapBindings<Counter>();
