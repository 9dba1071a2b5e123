import type { Detector } from "../detector.ts";
import { Hang } from "../tape.ts";

/** A handler threw, or did not come to an end: never an answer to a program, always a defect. */
export const oops: Detector = {
  name: "oops",
  finds: ["hang"],
  about: "a handler throws, or makes accesses to user memory without an end",
  passive({ seen }, found) {
    if (seen.oops === null) return;
    const { call, error } = seen.oops;
    const message = error instanceof Error ? error.message : String(error);
    const at = seen.steps.findLastIndex((step) => step.ran);
    found.push({
      detector: error instanceof Hang ? "hang" : "oops",
      call,
      rung: null,
      site: error instanceof Error && !(error instanceof Hang) ? error.name : "",
      title: `${call} ${error instanceof Hang ? message : `throws: ${message}`}`,
      step: Math.max(0, at),
    });
  },
};
