import { MAP } from "../../abi/structs/index.ts";
import type { AddressSpace } from "../../mm/address-space.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import { isFree } from "../../mm/vma.ts";
import type { MmapCall } from "./do-mmap.ts";

/** sysctl vm.mmap_min_addr: below it only who has CAP_SYS_RAWIO maps anything. */
export const DAC_MMAP_MIN_ADDR = 4096;

/** CONFIG_LSM_MMAP_MIN_ADDR, which is higher: no lower does the kernel itself place a mapping. */
const MMAP_MIN_ADDR = 65_536;

/** Room for the stack, above what mmap hands out by itself. */
const STACK_GAP = 0x800_0000;
/** Where a 32-bit caller's memory ends on a 64-bit kernel (IA32_PAGE_OFFSET). */
const TASK_SIZE_32 = 0xffff_e000;
const SZ_4G = 2 ** 32;
/** Where MAP_32BIT puts things. */
const LOW = { start: 0x4000_0000, end: 0x8000_0000 } as const;

/** `round_hint_to_min`: a hint on a page, and not below what everybody may map; 0 stays "anywhere". */
export function roundHintToMin(hint: number): number {
  const page = hint - (hint % PAGE_SIZE);
  return page !== 0 && page < MMAP_MIN_ADDR ? MMAP_MIN_ADDR : page;
}

/**
 * `arch_get_unmapped_area_topdown`: the hint where it is free, else the highest free range below the stack; −1 when
 * there is none. The real kernel begins its search at a random address.
 */
export function getUnmappedArea(
  k: MmapCall,
  mm: AddressSpace,
  hint: number,
  length: number,
  flags: number,
): number {
  if (length > mm.taskSize) return -1;
  // The width of the call decides, not that of the program.
  const wide = k.path.wide;
  if (wide && (flags & MAP.BITS32) !== 0) return searchLow(mm, hint, length);
  const end = wide ? mm.taskSize : Math.min(mm.taskSize, TASK_SIZE_32);
  if (hint !== 0 && hint <= mm.taskSize - length && isFree(mm.mappings, hint, hint + length)) return hint;
  const above4g = wide && k.profile.memory.above4g && (flags & MAP.ABOVE4G) !== 0;
  const lowest = above4g ? SZ_4G : MMAP_MIN_ADDR;
  return orNone(mm.findFree(length, end - STACK_GAP, lowest) || mm.findFree(length, end, lowest));
}

function searchLow(mm: AddressSpace, hint: number, length: number): number {
  if (length > LOW.end) return -1;
  if (hint !== 0 && hint <= LOW.end - length && isFree(mm.mappings, hint, hint + length)) return hint;
  return orNone(mm.findFree(length, LOW.end, LOW.start));
}

function orNone(found: number): number {
  return found === 0 ? -1 : found;
}
