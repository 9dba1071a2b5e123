import { addressOf } from "../../abi/address.ts";
import { errnoName, MAX_ERRNO } from "../../abi/errno.ts";
import type { Ladders } from "../../abi/ladders/index.ts";
import { MAP, RLIMIT } from "../../abi/structs/index.ts";
import type { RungsOf } from "../../abi/syscall.ts";
import type { Word64 } from "../../abi/word64.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import {
  intersects,
  PROT_WRITE,
  VM_GROWSDOWN,
  VM_LOCKED,
  VM_NORESERVE,
  VM_WIPEONFORK,
} from "../../mm/vma.ts";
import type { Call } from "../call.ts";
import { CAP } from "../capability.ts";
import { fdget } from "../file/descriptor.ts";
import type { OpenFile } from "../file/open-file.ts";
import { mmapFlagsFrom } from "../native-flags.ts";
import type { Result } from "../outcome.ts";
import { capable } from "../task/ns-capable.ts";
import { checkFile } from "./map-file.ts";
import { lockedBytes, mayExpand, memoryOf } from "./memory-limits.ts";
import { DAC_MMAP_MIN_ADDR, getUnmappedArea, roundHintToMin } from "./unmapped-area.ts";

/** A call that maps memory. */
export type MmapCall = Call<
  RungsOf<{ readonly ladder: readonly [{ readonly include: "do_mmap" }] }, Ladders>
>;

/** What mmap was asked for, whichever way. */
export interface MmapRequest {
  readonly addr: Word64;
  readonly length: Word64;
  /** The low word: nothing above it is looked at. */
  readonly prot: number;
  readonly flags: Word64;
  readonly fd: number;
  /** In pages. */
  readonly pageOffset: number;
}

const WORD = 2 ** 32;

/** sysctl max_map_count. */
export const MAX_MAP_COUNT = 65_530;

/** Huge pages by the power of two that mmap's flags say; 0 stands for the usual ones. */
const HUGE_SIZES: Readonly<Record<number, number>> = { 0: 2 ** 21, 21: 2 ** 21, 30: 2 ** 30 };

/** `ksys_mmap_pgoff` and `do_mmap`: returns the address. */
export function doMmap(k: MmapCall, request: MmapRequest): Result {
  const { memory } = k.profile;
  const flags = mmapFlagsFrom(k.path.kernel, request.flags.lo);
  let file: OpenFile | null = null;
  let granule = PAGE_SIZE;
  const huge = memory.hugetlb && (flags & MAP.HUGETLB) !== 0;
  if ((flags & MAP.ANONYMOUS) === 0) {
    file = fdget(k.task, request.fd);
    if (file === null) return k.fail("bad-fd");
    if (huge) return k.fail("huge-page-size");
  } else if (huge) {
    const size = HUGE_SIZES[flags >>> 26];
    if (size === undefined) return k.fail("huge-page-size");
    granule = size;
  }
  const length = roundedUp(request.length, granule);
  const longest = k.path.kernel === "i386" ? 2 ** 32 : 2 ** 64;
  // Huge pages are counted before anybody looks at the length: what wraps around is 0 by then.
  if (length === 0 || (huge && length >= longest)) return k.fail("length-zero");
  if (length >= longest) return k.fail("length-too-long");
  // Pages count modulo a long; on a 64-bit kernel both parts are too small for that.
  if (k.path.kernel === "i386" && request.pageOffset + length / PAGE_SIZE >= longest)
    return k.fail("offset-overflow");
  const mm = memoryOf(k.task);
  if (mm.mappings.length > MAX_MAP_COUNT) return k.fail("too-many-mappings");

  const noreplace = memory.fixedNoreplace && (flags & MAP.FIXED_NOREPLACE) !== 0;
  const fixed = noreplace || (flags & MAP.FIXED) !== 0;
  if (length > mm.taskSize) return k.fail("no-room");
  // hugetlbfs has its say about a fixed address before anybody else has.
  if (huge && fixed && request.addr.lo % granule !== 0) return k.fail("address-unaligned");
  const asked = addressOf(request.addr.lo, request.addr.hi);
  const errno = errorValue(request.addr, k.path.kernel === "i386");
  if (fixed && errno !== 0) return failWithAddress(k, errno);
  const addr = fixed ? asked : getUnmappedArea(k, mm, roundHintToMin(asked), length, flags);
  if (addr < 0 || addr > mm.taskSize - length) return k.fail("no-room");
  if (fixed && addr % granule !== 0) return k.fail("address-unaligned");
  const tooLow = addr < DAC_MMAP_MIN_ADDR && !capable(k.task.cred, CAP.SYS_RAWIO);
  if (tooLow && !memory.minAddrLate) return k.fail("below-min-addr");
  if (noreplace && intersects(mm.mappings, addr, addr + length)) return k.fail("already-mapped");
  const wrong =
    checkLock(k, flags, length) ||
    (file === null ? checkAnonymous(k, flags) : checkFile(k, file, request, length));
  if (wrong !== 0) return wrong;
  if (tooLow) return k.fail("below-min-addr-late");
  return mapRegion(k, addr, length, request, flags, huge);
}

/** A length in whole pages, in address form; 2^64 for one that has no room in a word. */
function roundedUp({ lo, hi }: Word64, granule: number): number {
  const low = Math.ceil(lo / granule) * granule;
  return low === WORD && hi === WORD - 1 ? 2 ** 64 : addressOf(low % WORD, low === WORD ? hi + 1 : hi);
}

/** `IS_ERR_VALUE`: the errno an address looks like to the kernel; 0 for one that does not. */
function errorValue({ lo, hi }: Word64, narrow: boolean): number {
  const errno = 2 ** 32 - lo;
  return errno <= MAX_ERRNO && (narrow || hi === 0xffffffff) ? errno : 0;
}

/** An address among the last 4095 comes back as the error it looks like, known or not. */
function failWithAddress(k: MmapCall, errno: number): Result {
  const name = errnoName(errno);
  return name === undefined ? -errno : k.failWith("address-is-errno", name);
}

/** MAP_LOCKED: who may lock, and how much. */
function checkLock(k: MmapCall, flags: number, length: number): Result {
  if ((flags & MAP.LOCKED) === 0 || capable(k.task.cred, CAP.IPC_LOCK)) return 0;
  const limit = k.task.signal.rlimit(RLIMIT.MEMLOCK);
  if (limit === 0) return k.fail("lock-not-permitted");
  const pages = (lockedBytes(memoryOf(k.task)) + length) / PAGE_SIZE;
  return pages > Math.floor(limit / PAGE_SIZE) ? k.fail("lock-limit") : 0;
}

function checkAnonymous(k: MmapCall, flags: number): Result {
  const grows = (flags & MAP.GROWSDOWN) !== 0;
  switch (flags & MAP.TYPE) {
    case MAP.SHARED:
      return grows ? k.fail("shared-grows") : 0;
    case MAP.PRIVATE:
      return 0;
    case MAP.DROPPABLE:
      if (!k.profile.memory.droppable) return k.fail("map-type");
      return grows || (flags & (MAP.LOCKED | MAP.HUGETLB)) !== 0 ? k.fail("droppable") : 0;
    default:
      return k.fail("map-type");
  }
}

/** `mmap_region` for anonymous memory: limits, and the mapping itself. */
function mapRegion(
  k: MmapCall,
  addr: number,
  length: number,
  { prot }: MmapRequest,
  flags: number,
  huge: boolean,
): Result {
  const mm = memoryOf(k.task);
  const shared = (flags & MAP.TYPE) === MAP.SHARED;
  const droppable = (flags & MAP.TYPE) === MAP.DROPPABLE;
  const writable = (prot & PROT_WRITE) !== 0;
  if (!mayExpand(k.task, addr, length, writable && !shared)) return k.fail("address-space-limit");
  const reserves = (flags & MAP.NORESERVE) === 0 && !droppable && (shared || writable);
  if (reserves && length / PAGE_SIZE > k.machine.ramPages) return k.fail("no-memory");
  if (huge) {
    // Found out when what was there is gone already.
    mm.unmap(addr, length);
    return k.fail("no-huge-pages");
  }
  const error = mm.map(addr, length, prot & 7, {
    shared,
    flags:
      ((flags & MAP.GROWSDOWN) !== 0 ? VM_GROWSDOWN : 0) |
      ((flags & MAP.LOCKED) !== 0 ? VM_LOCKED : 0) |
      ((flags & MAP.NORESERVE) !== 0 || droppable ? VM_NORESERVE : 0) |
      (droppable ? VM_WIPEONFORK : 0),
  });
  return error === null ? addr : k.fail("no-memory");
}
