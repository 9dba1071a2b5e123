import type { CaseProgram } from "../program/case-program.ts";
import { REQUEST } from "./state.ts";

/** The request for a case: what a program that runs one has to know beside its code. */
export function requestOf({ code, entry, plan, firstFlags }: CaseProgram, patience: number): Uint8Array {
  const bytes = new Uint8Array(REQUEST.size);
  const fields = new DataView(bytes.buffer);
  const field = (off: number, value: number): void => fields.setBigUint64(off, BigInt(value), true);
  field(REQUEST.length, code.length);
  field(REQUEST.entry, entry);
  field(REQUEST.zeroed, plan.zeroed);
  field(REQUEST.reply, plan.size);
  field(REQUEST.flags, firstFlags);
  field(REQUEST.tids, plan.tids.start);
  field(REQUEST.tidsEnd, plan.tids.end);
  field(REQUEST.patience, patience);
  return bytes;
}
