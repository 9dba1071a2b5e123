import { eclone_args } from "../../src/abi/index.ts";
import type { Guest, QuirkSwitch } from "../../src/kernel/index.ts";
import type { Random } from "./random.ts";

const SIZES = [48, 48, 48, 48, 48, 48, 47, 0, -1] as const;
const COUNTS = [0, 0, 1, 1, 1, 2, 2, 3, 40, 0x8000_0000] as const;
const NUMBERS = [0, 0, 2, 99, -1, 32_768, 1, 200, 310, 6, 12] as const;

/** Quirks of eclone that leave the machine running; the others stop it, which is what they are for. */
export function ecloneQuirks(random: Random): readonly QuirkSwitch[] {
  return (["!Q-04", "Q-10", "!Q-14"] as const).filter(() => random.oneIn(3));
}

/**
 * Writes eclone's struct and its array of pids behind it, in which each part is mostly right, and returns the size to
 * pass. What lies on pages that are gone stays unwritten.
 */
export function writeEcloneArgs(random: Random, guest: Guest, at: number): number {
  const seldom = (value: number): number => (random.oneIn(12) ? value : 0);
  try {
    guest.writeInts(
      at + 64,
      Array.from({ length: 4 }, () => random.pick(NUMBERS)),
    );
    guest.writeStruct(at, eclone_args, {
      clone_flags_high: seldom(random.bits()),
      child_stack: seldom(random.bits()),
      child_stack_size: seldom(8192),
      parent_tid_ptr: random.oneIn(2) ? at + 96 : seldom(random.bits()),
      child_tid_ptr: random.oneIn(2) ? at + 100 : seldom(random.bits()),
      nr_pids: random.pick(COUNTS),
      reserved0: seldom(1),
    });
  } catch {
    // A page is gone: then the call will find that out.
  }
  return random.pick(SIZES);
}
