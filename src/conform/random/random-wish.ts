import { CLONE } from "../../abi/structs/index.ts";
import type { Dice } from "./dice.ts";
import { ARGS_PLACES, type CloneWish, FLAG_BITS, PLAINEST } from "./wish.ts";
import { AT } from "./wish-vector.ts";

/** Addresses a field may hold: good ones, edges of pages, and every kind of bad one. */
const POINTERS: readonly bigint[] = [
  0n,
  AT.word,
  AT.word + 1n,
  AT.scratch + 0xffcn,
  AT.scratch + 0xffen,
  AT.readOnly + 0x10n,
  AT.readOnly - 2n,
  AT.nothing,
  AT.hole,
  1n,
  0xffffffffn,
  AT.word + (1n << 32n),
  0x7fffffffeffcn,
  0x7ffffffff000n,
  0x8000_0000_0000_0000n,
  0xffff_8880_0000_0000n,
  0xffff_ffff_ffff_fffcn,
];

const TID_ARRAYS: readonly bigint[] = [
  AT.tids,
  AT.tids,
  AT.tids,
  AT.tids,
  AT.tids + 1n,
  AT.tids + (1n << 32n),
  AT.scratch + 0xffcn,
  AT.hole,
  AT.nothing,
  0n,
  0xffff_8880_0000_0000n,
];

const SIGCHLD = 17n;
const SIZES = [88, 88, 88, 88, 80, 64, 72, 0, 63, 65, 71, 79, 87, 89, 96, 4096, 4097] as const;
const SIGNALS = [
  17n,
  17n,
  17n,
  17n,
  0n,
  0n,
  10n,
  9n,
  64n,
  65n,
  255n,
  0x100n,
  (1n << 32n) + 17n,
  (1n << 64n) - 1n,
] as const;
const STACKS = [0n, 0n, 0n, 0n, AT.scratch, 1n, AT.hole, 0x7ffffffff000n, 0xffff_8880_0000_0000n] as const;
const STACK_SIZES = [0n, 0n, 0n, 0x800n, 1n, 0x7ffffffff000n, (1n << 64n) - 1n] as const;
const TLS = [
  AT.userDesc,
  AT.userDesc,
  AT.scratch,
  0n,
  AT.hole,
  0x7fffffffefffn,
  0x7ffffffff000n,
  1n << 63n,
] as const;
const CAPS = ["all", "all", "all", "none", ["CAP_SYS_ADMIN"], ["CAP_CHECKPOINT_RESTORE"]] as const;
const TIDS = [0, 1, 2, 3, -1, 299, 300, 301, 500, 777, 32767, 32768, 4194303, 4194304, 0x7fffffff] as const;
const CGROUPS = [0n, 0n, 3n, 0x7fffffffn, 0x80000000n, (1n << 64n) - 1n] as const;

/** A call with a few things about it that are not plain. */
export function randomWish(dice: Dice): CloneWish {
  const nsLevel = dice.pick([1, 1, 2, 3]);
  const asksTids = dice.oneIn(2);
  const drawn = new Set(Array.from({ length: dice.below(4) }, () => dice.pick(FLAG_BITS)));
  const exitSignal = dice.pick(SIGNALS);
  // A race of the kernel's: while a child's mount namespace ends, its parent goes on from vfork or dies of its exit signal.
  if (exitSignal !== 0n && exitSignal !== SIGCHLD) drawn.delete(BigInt(CLONE.NEWNS));
  const odd = <T>(n: number, from: readonly T[], plain: T): T => (dice.oneIn(n) ? dice.pick(from) : plain);
  return {
    ...PLAINEST,
    arch: dice.pick(["x86_64", "i386", "int80"]),
    call: dice.oneIn(4) ? "clone" : "clone3",
    caps: dice.pick(CAPS),
    nsLevel,
    nsInit: dice.oneIn(2),
    unshared: dice.oneIn(10),
    flags: [...drawn],
    exitSignal,
    stack: odd(3, STACKS, 0n),
    stackSize: odd(4, STACK_SIZES, 0n),
    tls: dice.pick(TLS),
    tlsEntry: odd(3, [-1, 6, 11, 13, 14, 15], 12),
    pidfd: dice.pick(POINTERS),
    childTid: dice.pick(POINTERS),
    parentTid: dice.pick(POINTERS),
    cgroup: dice.pick(CGROUPS),
    setTid: asksTids ? dice.pick(TID_ARRAYS) : odd(10, TID_ARRAYS, 0n),
    setTidSize: BigInt(
      asksTids
        ? dice.pick([1, 1, 1, 2, 2, nsLevel + 1, nsLevel + 2, 0, 32, 33])
        : odd(10, [1, 33, 2 ** 32], 0),
    ),
    tids: Array.from({ length: nsLevel + 2 }, (_, level) => tid(dice, level === nsLevel)),
    place: odd(4, ARGS_PLACES, "middle"),
    size: odd(2, SIZES, 88),
    tail: dice.oneIn(8),
    high: odd(6, [1, 0x80000000, 0xffffffff], 0),
  };
}

/** A number to ask for. On level 0 the kernel is shared with others: there it is one that can hardly be in use. */
function tid(dice: Dice, outermost: boolean): number {
  if (outermost) return dice.pick([1, -1, 0, 4194304, 20_000 + dice.below(12_000)]);
  return dice.oneIn(2) ? 302 + dice.below(32_000) : dice.pick(TIDS);
}
