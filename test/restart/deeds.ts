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

/** What makes orphans, and subreapers that adopt them. */
export const orphaningDeed: fc.Arbitrary<Deed> = fc.record({
  who: fc.nat(50),
  what: fc.constantFrom<Deed["what"][]>(
    ...(["fork", "fork", "fork", "fork", "fork", "fork", "sister", "setsid", "setsid"] as const),
    ...(["setpgid", "exit", "exit", "reap", "subreaper", "subreaper"] as const),
  ),
  value: fc.nat(1000),
});

const CHAIN: readonly (readonly [who: number, what: Deed["what"]])[] = [
  [0, "fork"],
  [1, "subreaper"],
  [1, "fork"],
  [2, "fork"],
  [3, "setsid"],
  [3, "fork"],
  [4, "fork"],
  [4, "exit"],
];

/** A line of tasks below a subreaper, the fourth in a session of its own; a child of its child is the subreaper's then. */
export const orphaned: readonly Deed[] = CHAIN.map(([who, what], i) => ({ who, what, value: i + 1 }));
