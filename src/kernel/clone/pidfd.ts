import { CLONE } from "../../abi/structs/index.ts";
import type { Result } from "../outcome.ts";
import type { Fork } from "./fork.ts";

/** C-23: legacy clone has one pointer for both, so they never go together there (L-02). */
export function pidfdIsParentTid(f: Fork): Result {
  return f.has(CLONE.PIDFD | CLONE.PARENT_SETTID) ? f.k.fail("pidfd-is-parent-tid") : 0;
}

/** P-25, P-31: the descriptor is written before the child runs, and a fault there fails the call. */
export function storePidfd(f: Fork): Result {
  if (!f.has(CLONE.PIDFD)) return 0;
  const { table } = f.current.files;
  const free = table.indexOf(null);
  const fd = free < 0 ? table.length : free;
  if (!f.k.uaccess.putUser(f.request.parentTid, 4, fd)) return f.k.fail("pidfd-unwritable");
  table[fd] = { refs: 1 };
  return 0;
}
