import type { Program } from "./program.ts";
import type { Terminal } from "./terminal.ts";

/** Adds one verb to the program: its arguments, options and action. */
export type Verb = (program: Program, terminal: Terminal) => void;
