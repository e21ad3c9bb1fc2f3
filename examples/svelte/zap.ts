// The functions of this page, typed by its contract.
import { createZapBindings } from "zaptools/svelte";
import type { Counter } from "../counter/contract.ts";

export const { provideZap, useZap, useZapState, useEvent, useRequest } = createZapBindings<Counter>();
