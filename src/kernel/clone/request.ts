import { type UserPtr, userPtr } from "../../abi/pointer.ts";
import type { Word64 } from "../../abi/word64.ts";

/** A word of zero. */
export const ZERO: Word64 = Object.freeze({ lo: 0, hi: 0 });

/** What a call says of the child; what it leaves out is 0, or nothing. */
export interface ForkWish {
  /** Low word of the flags, without the signal byte. */
  readonly flags: number;
  /** High word of the flags. */
  readonly flagsHigh?: number;
  /** What the parent is sent when the child ends; 0 for nothing. */
  readonly exitSignal: number;
  /** The child's stack pointer; 0 takes the caller's. */
  readonly stack?: Word64;
  /** Where CLONE_PIDFD puts the descriptor. */
  readonly pidfd?: UserPtr<"fd", "out">;
  readonly parentTid?: UserPtr<"pid_t", "out">;
  readonly childTid?: UserPtr<"pid_t", "out">;
  readonly tls?: Word64;
  /** clone3's numbers, innermost namespace first: what they are of is known once the child has its namespaces. */
  readonly setTid?: readonly number[] | null;
  /** `tls` counts even where copy_thread of the era looks into the register frame. */
  readonly tlsFrom?: "argument" | null;
}

/**
 * One wish for a child, in the normal form every member of the clone family is translated to
 * (`struct kernel_clone_args`). It is a class so that all of them have one shape.
 */
export class ForkRequest {
  readonly flags: number;
  readonly flagsHigh: number;
  readonly exitSignal: number;
  stack: Word64;
  /** A stack of 0 is one too, and not the caller's. */
  stackIsGiven = false;
  readonly pidfd: UserPtr<"fd", "out">;
  readonly parentTid: UserPtr<"pid_t", "out">;
  readonly childTid: UserPtr<"pid_t", "out">;
  readonly tls: Word64;
  readonly setTid: readonly number[] | null;
  readonly tlsFrom: "argument" | null;

  constructor(wish: ForkWish) {
    this.flags = wish.flags;
    this.flagsHigh = wish.flagsHigh ?? 0;
    this.exitSignal = wish.exitSignal;
    this.stack = wish.stack ?? ZERO;
    this.pidfd = wish.pidfd ?? userPtr(0);
    this.parentTid = wish.parentTid ?? userPtr(0);
    this.childTid = wish.childTid ?? userPtr(0);
    this.tls = wish.tls ?? ZERO;
    this.setTid = wish.setTid ?? null;
    this.tlsFrom = wish.tlsFrom ?? null;
  }
}
