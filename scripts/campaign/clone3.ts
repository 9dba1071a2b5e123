import { CLONE, clone_args } from "../../src/abi/index.ts";
import type { Guest } from "../../src/kernel/index.ts";
import type { Random } from "./random.ts";

const HIGH = [0, 0, 0, 0, 1, 2, 4, 8, 4 | 8 | 16, 32, 64] as const;
const SIZES = [88, 88, 88, 88, 80, 64, 72, 96, 63, 4096, 4097] as const;
const SIGNALS = [17, 17, 17, 0, 0, 9, 64, 65, 255, 256] as const;
const COUNTS = [0, 0, 1, 1, 1, 2, 2, 3, 32, 33] as const;

/**
 * Writes a struct clone_args and its array of tids behind it, in which each part is mostly right, and returns the size
 * to pass. What lies on pages that are gone stays unwritten.
 * @param flags clone's own; the signal byte is taken out, for that is a field of its own here
 * @param word any word, for the pointers that are not right
 */
export function writeCloneArgs(
  random: Random,
  guest: Guest,
  at: number,
  flags: number,
  word: () => readonly [lo: number, hi: number],
): number {
  const odd = (plain: bigint): bigint => {
    if (!random.oneIn(8)) return plain;
    const [lo, hi] = word();
    return (BigInt(hi) << 32n) | BigInt(lo);
  };
  const kept = random.oneIn(10) ? flags : flags & ~(CLONE.CSIGNAL | CLONE.DETACHED);
  const sibling = (kept & (CLONE.THREAD | CLONE.PARENT)) !== 0;
  const count = random.pick(COUNTS);
  const stack = random.oneIn(4) ? odd(BigInt(at)) : 0n;
  const high = random.pick(HIGH);
  const tids = Array.from({ length: 4 }, () =>
    random.pick([1, 2, 99, 1 + random.below(350), 0, -1, 32_768, 5000]),
  );
  try {
    guest.writeInts(at + 96, tids);
    guest.writeStruct(at, clone_args, {
      flags: (BigInt(high) << 32n) | BigInt(kept >>> 0),
      pidfd: odd(BigInt(at + 128)),
      child_tid: odd(BigInt(at + 132)),
      parent_tid: odd(BigInt(at + 136)),
      exit_signal: sibling || high >= 4 ? 0 : random.pick(SIGNALS),
      stack,
      stack_size: stack === 0n ? 0 : random.pick([4096, 4096, 1, 0]),
      tls: odd(BigInt(at + 144)),
      set_tid: count === 0 ? 0 : odd(BigInt(at + 96)),
      set_tid_size: count,
      cgroup: random.pick([0, 0, 3, 0x8000_0000]),
    });
  } catch {
    // A page is gone: then the call will find that out.
  }
  return random.pick(SIZES);
}
