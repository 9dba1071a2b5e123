import { MAP } from "../abi/structs/index.ts";
import type { ArchName } from "../arch/arch-name.ts";

/** Bits whose place differs: where an architecture's headers have them, and where asm-generic's do. */
type Moved = readonly (readonly [theirs: number, generic: number])[];

const DIRECTORY = 0x1_0000;
const NOFOLLOW = 0x2_0000;
const DIRECT = 0x4000;
const LARGEFILE = 0x8000;

/** Flags of open files. Source: arch/arm64 and arch/powerpc, uapi/asm/fcntl.h. */
const OPEN: Readonly<Partial<Record<ArchName, Moved>>> = {
  arm64: [
    [0x4000, DIRECTORY],
    [0x8000, NOFOLLOW],
    [0x1_0000, DIRECT],
    [0x2_0000, LARGEFILE],
  ],
  powerpc64: [
    [0x4000, DIRECTORY],
    [0x8000, NOFOLLOW],
    [0x1_0000, LARGEFILE],
    [0x2_0000, DIRECT],
  ],
};

/** What mmap is to do. Source: arch/powerpc/include/uapi/asm/mman.h. */
const MMAP: Readonly<Partial<Record<ArchName, Moved>>> = {
  powerpc64: [
    [0x40, MAP.NORESERVE],
    [0x80, MAP.LOCKED],
  ],
};

/** The flags of an open file, from a caller's word. Places are those of the kernel, whatever program asks. */
export function openFlagsFrom(arch: ArchName, word: number): number {
  return move(word, OPEN[arch], 0, 1);
}

/** The word a caller is told. */
export function openFlagsTo(arch: ArchName, flags: number): number {
  return move(flags, OPEN[arch], 1, 0);
}

/** mmap's flags, from a caller's word. MAP_32BIT and MAP_ABOVE4G are x86's own: elsewhere nothing looks at them. */
export function mmapFlagsFrom(arch: ArchName, word: number): number {
  const moved = move(word, MMAP[arch], 0, 1);
  return arch === "x86_64" || arch === "i386" ? moved : moved & ~(MAP.BITS32 | MAP.ABOVE4G);
}

/** A word with every bit that has another place in that place; one that has none there is dropped. */
function move(word: number, moved: Moved | undefined, from: 0 | 1, to: 0 | 1): number {
  if (moved === undefined) return word;
  let others = word;
  let result = 0;
  for (const pair of moved) {
    others &= ~(pair[0] | pair[1]);
    if ((word & pair[from]) !== 0) result |= pair[to];
  }
  return others | result;
}
