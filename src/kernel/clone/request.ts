import type { UserPtr } from "../../abi/pointer.ts";
import type { Word64 } from "../../abi/word64.ts";

/**
 * One wish for a child, in the normal form every member of the clone family is translated to
 * (`struct kernel_clone_args`).
 */
export interface ForkRequest {
  /** Low word of the flags, without the signal byte. */
  readonly flags: number;
  /** High word of the flags. */
  readonly flagsHigh: number;
  /** What the parent is sent when the child ends; 0 for nothing. */
  readonly exitSignal: number;
  /** The child's stack pointer; 0 takes the caller's. */
  readonly stack: Word64;
  /** Where CLONE_PIDFD puts the descriptor. */
  readonly pidfd: UserPtr<"fd", "out">;
  readonly parentTid: UserPtr<"pid_t", "out">;
  readonly childTid: UserPtr<"pid_t", "out">;
  readonly tls: Word64;
  /** clone3's numbers, innermost namespace first: what they are of is known once the child has its namespaces. */
  readonly setTid?: readonly number[];
  /** `tls` counts even where copy_thread of the era looks into the register frame. */
  readonly tlsFrom?: "argument";
}

/** A word of zero. */
export const ZERO: Word64 = Object.freeze({ lo: 0, hi: 0 });
