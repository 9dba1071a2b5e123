import { addressOf } from "../../abi/address.ts";
import type { eclone } from "../../abi/calls/index.ts";
import { type UserPtr, userPtr } from "../../abi/pointer.ts";
import type { StructLayout } from "../../abi/struct.ts";
import { eclone_args } from "../../abi/structs/index.ts";
import type { Word64 } from "../../abi/word64.ts";
import type { Call, Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";

type EcloneCall = Call<Rungs<typeof eclone>>;

/** eclone's struct as the kernel keeps it: what is a pointer or a stack is cut to the kernel's own word. */
export interface EcloneArgs {
  /** Bits 32 to 63 of the flags; 0 but under Q-10. */
  readonly flagsHigh: number;
  readonly stack: Word64;
  readonly parentTid: UserPtr<"pid_t", "out">;
  readonly childTid: UserPtr<"pid_t", "out">;
  /** Unsigned. */
  readonly nrPids: number;
}

/**
 * `fetch_clone_args_from_user`, and what sys_eclone looks at before anything else: size, struct, what must be 0.
 * Rules E-01 … E-05.
 */
export function fetchCloneArgs(
  k: EcloneCall,
  user: UserPtr<"eclone_args", "in">,
  size: number,
): EcloneArgs | Result {
  const layout = k.layout(eclone_args);
  if (size !== layout.size) return k.fail("args-size");
  const at = k.kstack(layout.size);
  if (k.uaccess.copyFromUser(at, user, layout.size) !== 0) return k.fail("args-unreadable");
  if (layout.field("reserved0").lo(k.view, at) !== 0) return k.fail("reserved-set");
  const high = wordOf(k, layout, "clone_flags_high", at);
  const passed = k.profile.eclone?.highFlags === "passed";
  if (!passed && (high.lo !== 0 || high.hi !== 0)) return k.fail("flags-high-set");
  const stackSize = native(k, wordOf(k, layout, "child_stack_size", at));
  if (stackSize.lo !== 0 || stackSize.hi !== 0) return k.fail("stack-size-set");
  const pointer = (field: string): UserPtr<"pid_t", "out"> => {
    const { lo, hi } = native(k, wordOf(k, layout, field, at));
    return userPtr(addressOf(lo, hi));
  };
  return {
    flagsHigh: high.lo,
    stack: native(k, wordOf(k, layout, "child_stack", at)),
    parentTid: pointer("parent_tid_ptr"),
    childTid: pointer("child_tid_ptr"),
    nrPids: layout.field("nr_pids").lo(k.view, at),
  };
}

function wordOf(k: EcloneCall, layout: StructLayout, field: string, at: number): Word64 {
  const accessor = layout.field(field);
  return { lo: accessor.lo(k.view, at), hi: accessor.hi(k.view, at) };
}

/** The kernel keeps it in a word of its own: a 32-bit kernel loses the upper half, whoever asked (E-05). */
function native(k: EcloneCall, word: Word64): Word64 {
  return k.path.kernel === "i386" ? { lo: word.lo, hi: 0 } : word;
}
