// The servers on Node that the attacks are tried on. A new connector is a program and one line here.
import { nodeSubject, type Subject } from "./subject.ts";

const programs = "test/attacks/programs";

/** All that need nothing but the packages of the root. */
export const NODE_SUBJECTS: readonly Subject[] = [
  nodeSubject("serve", `${programs}/serve.ts`),
  nodeSubject("attach", `${programs}/attach.ts`),
  nodeSubject("ws + plug", `${programs}/plug.ts`, "the application's"),
];
