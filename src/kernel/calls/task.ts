import {
  personality as personalityDecl,
  sched_yield as schedYieldDecl,
  set_tid_address as setTidAddressDecl,
} from "../../abi/calls/task.ts";
import { type Implementation, implement } from "../call.ts";

/** `set_tid_address`. */
export const set_tid_address: Implementation = implement(setTidAddressDecl, (k, { tidptr }) => {
  k.task.clearChildTid = tidptr;
  return k.task.tid;
});

/** The word that only asks. */
const ASKS = 0xffff_ffff;

/** `personality`. */
export const personality: Implementation = implement(personalityDecl, (k, { personality: wanted }) => {
  const { task } = k;
  const old = task.personality;
  if (wanted !== ASKS) task.personality = wanted;
  return old;
});

/** `sched_yield`. */
export const sched_yield: Implementation = implement(schedYieldDecl, () => 0);
