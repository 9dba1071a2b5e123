import type { clone_with_pids, eclone } from "../../abi/calls/index.ts";
import { type UserPtr, userPtr } from "../../abi/pointer.ts";
import { CLONE, target_pid_set } from "../../abi/structs/index.ts";
import type { Call, Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";
import {
  fromTargetPids,
  isPidRefusal,
  mostTargetPids,
  type NewpidRule,
  type PidWish,
  type TargetPidsRefusal,
} from "../pid/wish.ts";
import { undefinedBehaviour } from "../quirk/undefined.ts";

const PID_BYTES = 4;

type SetCall = Call<Rungs<typeof clone_with_pids>>;
type EcloneCall = Call<Rungs<typeof eclone>>;
/** What both calls can fail with once the count is known. */
type ArrayCall = Call<Extract<Rungs<typeof clone_with_pids>, Rungs<typeof eclone>>>;

/** The numbers asked for, index = level of the child, null = the kernel's choice; null itself: a plain clone. */
export type TargetPids = PidWish["numbers"] | null;

/** Holds what {@link copyTargetPids} found; kept apart from the errno it answers. */
export interface TargetPidsOut {
  pids: TargetPids;
}

/**
 * `copy_target_pids` of 2009: reads the set and its array from user memory. Returns 0, or the errno of a rung. Rules
 * A-06 … … A-27.
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
  if (asked < 0) return k.fail("count-negative");
  const user = userPtr<"pid_t", "in">(layout.field("target_pids").int(k.view, kset));
  const wish = copyArray(k, flags, asked, user, k.profile.newpidWithPids);
  if (typeof wish === "number") return wish;
  if (isPidRefusal(wish)) return k.fail(wish.refused);
  out.pids = wish.numbers;
  return 0;
}

/** `copy_target_pids` of eclone: the count comes from its struct, the array in a register (E-07 … E-10, Q-01). */
export function copyPids(
  k: EcloneCall,
  flags: number,
  asked: number,
  pids: UserPtr<"pid_t", "in">,
  out: TargetPidsOut,
): Result {
  if (asked === 0) return 0;
  if (asked >= 2 ** 31 && k.profile.eclone?.hugeCount === "undefined")
    return undefinedBehaviour(k.machine, "Q-01", "an array of negative length is copied over kernel memory");
  const wish = copyArray(k, flags, asked, pids, "kernel-chooses-1");
  if (typeof wish === "number") return wish;
  if (isPidRefusal(wish)) return k.fail("count-too-deep");
  out.pids = wish.numbers;
  return 0;
}

/** What both have in common: the count against the caller's depth, and the array, read once. */
function copyArray(
  k: ArrayCall,
  flags: number,
  asked: number,
  user: UserPtr<"pid_t", "in">,
  rule: NewpidRule,
): PidWish | TargetPidsRefusal | Result {
  const at = { level: k.task.pid.level, newpid: (flags & CLONE.NEWPID) !== 0 };
  if (asked > mostTargetPids(at, rule)) return k.fail("count-too-deep");
  const array = k.kalloc((at.newpid ? at.level + 2 : at.level + 1) * PID_BYTES);
  if (array === 0) return k.fail("array-no-memory");
  if (k.uaccess.copyFromUser(array, user, asked * PID_BYTES) !== 0) return k.fail("array-unreadable");
  const { littleEndian } = k.path.model;
  const pids: number[] = new Array(asked);
  for (let i = 0; i < asked; i++) pids[i] = k.view.getInt32(array + i * PID_BYTES, littleEndian);
  return fromTargetPids(pids, at, rule);
}
