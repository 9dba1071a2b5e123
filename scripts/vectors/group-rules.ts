import type { Vector } from "../../src/conform/vector.ts";

/** The rules that the cases of a group show, where a case does not say so itself. Ids are those of test/rules.json. */
const GROUP_RULES: Readonly<Record<string, readonly string[]>> = {
  "clone.argorder": ["L-02", "P-22", "P-29", "P-30"],
  "clone.flags": ["L-01", "L-03", "L-05", "L-06"],
  "clone.stack": ["L-04"],
  "clone.tls": ["P-22", "P-23"],
  "clone.writeback": ["L-02", "P-25", "P-29", "P-30", "P-31"],
  "clone3.caps": ["P-18", "T-06", "T-23"],
  "clone3.exit_signal": ["C-10", "C-11"],
  "clone3.flag-bit": ["C-14", "C-15", "P-18"],
  "clone3.flags": ["C-16", "C-17", "P-01", "P-02", "P-03", "P-04", "P-05", "P-06"],
  "clone3.parent": ["P-32"],
  "clone3.set_tid.level": ["T-01", "T-15", "T-19"],
  "clone3.set_tid.newns": ["T-05", "T-10", "T-18", "T-19", "T-20", "P-20", "P-27"],
  "clone3.set_tid.order": ["T-06", "T-07", "T-09", "T-14"],
  "clone3.set_tid.ptr": ["C-06", "C-07", "C-08", "C-09", "C-13", "C-26", "U-13"],
  "clone3.set_tid.thread": ["T-22", "T-07"],
  "clone3.set_tid.value": ["T-03", "T-04", "T-07", "T-14", "T-24"],
  "clone3.size": ["C-01", "C-02", "C-06"],
  "clone3.stack": ["C-18", "C-19", "C-20", "C-21", "C-26"],
  "clone3.tail": ["C-03", "C-04", "U-14", "U-15"],
  "clone3.tls": ["P-22", "P-23"],
  "clone3.uargs": ["C-05", "U-05", "U-08", "N-13"],
  "clone3.writeback": ["C-23", "P-25", "P-29", "P-30", "P-31"],
  "pid.cursor": ["T-16", "T-17", "T-21"],
  "pid.taken": ["T-07", "T-21"],
  read: ["U-01", "U-03", "U-04", "U-10"],
  readv: ["U-01", "U-03", "U-04"],
  regs: ["N-03", "N-04", "N-05", "N-07", "N-08", "N-09", "N-12", "N-14"],
  setns: ["P-06", "P-20"],
  unshare: ["P-20", "P-27"],
  userns: ["P-15", "P-18", "T-23"],
  write: ["U-01", "U-03", "U-04", "U-10"],
  writev: ["U-01", "U-03", "U-04"],
};

/** A case that says which rules it shows: its own, or its group's. */
export function withRules(draft: Vector): Vector {
  const rules = GROUP_RULES[draft.group];
  if (draft.provenance !== undefined || rules === undefined) return draft;
  return { ...draft, provenance: { by: "kernel", rules } };
}
