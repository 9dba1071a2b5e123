import fc from "fast-check";
import type { Deed } from "./history.ts";

/** Anything a task of a living tree may do: more births than deaths. */
export const deed: fc.Arbitrary<Deed> = fc.record({
  who: fc.nat(50),
  what: fc.constantFrom<Deed["what"][]>(
    "fork",
    "fork",
    "fork",
    "fork",
    "fork",
    "fork",
    "fork",
    "newpid",
    "thread",
    "sister",
    "sister",
    "setsid",
    "setsid",
    "setpgid",
    "setpgid",
    "move",
    "exit",
    "exit",
    "reap",
    "reap",
    "enter",
    "home",
    "unshare",
    "stop",
    "kill",
  ),
  value: fc.nat(1000),
});
