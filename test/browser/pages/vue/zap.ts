// The functions of this page.
import { createZapBindings } from "zaptools/vue";
import type { Probe } from "../contract.ts";

export const { provideZap, useZap, useZapState, useEvent, useRequest } = createZapBindings<Probe>();
