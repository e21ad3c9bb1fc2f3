// The functions of this page.
import { createZapBindings } from "zaptools/svelte";
import type { Probe } from "../contract.ts";

export const { provideZap, useZap, useZapState, useEvent, useRequest } = createZapBindings<Probe>();
