import type { Word64 } from "../../abi/word64.ts";

/** `sigset_t`: one bit a signal, signal 1 the lowest. Immutable; replaced as a whole. */
export type SignalSet = Word64;

/** No signal at all. */
export const NO_SIGNALS: SignalSet = Object.freeze({ lo: 0, hi: 0 });

/** What a mask never blocks: SIGKILL and SIGSTOP, both in the low word. */
const UNBLOCKABLE_LO = (1 << (9 - 1)) | (1 << (19 - 1));

/** Whether `sig` (1 … 64) is in the set. */
export function inSet(set: SignalSet, sig: number): boolean {
  return sig <= 32 ? ((set.lo >>> (sig - 1)) & 1) === 1 : ((set.hi >>> (sig - 33)) & 1) === 1;
}

/** A mask of blocked signals from two words: without SIGKILL and SIGSTOP. */
export function blockedSet(lo: number, hi: number): SignalSet {
  return { lo: (lo & ~UNBLOCKABLE_LO) >>> 0, hi: hi >>> 0 };
}
