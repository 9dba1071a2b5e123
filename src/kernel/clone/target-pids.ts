import type { clone_with_pids } from "../../abi/calls/index.ts";
import { type UserPtr, userPtr } from "../../abi/pointer.ts";
import { CLONE, target_pid_set } from "../../abi/structs/index.ts";
import type { Call, Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";

const PID_BYTES = 4;

type SetCall = Call<Rungs<typeof clone_with_pids>>;

/** The numbers asked for, index = level of the child, 0 = the kernel's choice; null: a plain clone. */
export type TargetPids = readonly number[] | null;

/** Holds what {@link copyTargetPids} found; kept apart from the errno it answers. */
export interface TargetPidsOut {
  pids: TargetPids;
}

/**
 * `copy_target_pids`: reads the set and its array from user memory and right-aligns the array on the youngest
 * namespaces. Returns 0, or the errno of a rung. Rules A-06 … … A-27.
 */
export function copyTargetPids(
  k: SetCall,
  flags: number,
  set: UserPtr<"target_pid_set", "in">,
  out: TargetPidsOut,
): Result {
  if (set === 0) return 0;
  const layout = k.layout(target_pid_set);
  const kset = k.kstack(layout.size);
  if (k.uaccess.copyFromUser(kset, set, layout.size) !== 0) return k.fail("set-unreadable");

  const asked = layout.field("num_pids").int(k.view, kset);
  if (asked === 0) return 0;
  const rule = k.profile.newpidWithPids;
  const newpid = (flags & CLONE.NEWPID) !== 0;
  const callerDepth = k.task.pid.level + 1;
  const childDepth = newpid ? callerDepth + 1 : callerDepth;
  const limit = rule === "last-slot-1-or-0" ? childDepth : callerDepth;
  if (asked < 0) return k.fail("count-negative");
  if (asked > limit) return k.fail("count-too-deep");

  const array = k.kalloc(childDepth * PID_BYTES);
  if (array === 0) return k.fail("array-no-memory");
  const user = userPtr<"pid_t", "in">(layout.field("target_pids").int(k.view, kset));
  if (k.uaccess.copyFromUser(array, user, asked * PID_BYTES) !== 0) return k.fail("array-unreadable");
  if (newpid && rule === "refuse") return k.fail("newpid-with-pids");

  const pids: number[] = new Array(childDepth).fill(0);
  const first = limit - asked;
  const little = layout.model.littleEndian;
  for (let i = 0; i < asked; i++) pids[first + i] = k.view.getInt32(array + i * PID_BYTES, little);
  if (newpid && rule === "last-slot-1-or-0") {
    const init = pids[childDepth - 1] ?? 0;
    if (init !== 0 && init !== 1) return k.fail("newpid-not-init");
  }
  out.pids = pids;
  return 0;
}
