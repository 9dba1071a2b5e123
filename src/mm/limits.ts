/**
 * Where user space ends, and how an era tests a range against it (U-06 … U-13).
 *
 * - `carry-2009`: 2.6.30 i386; no wrap, end ≤ limit (U-06)
 * - `x86_64-2009`: bulk copies refuse an end equal to the limit, single words do not (U-07)
 * - `task-size-max`: address + size ≤ limit, no wrap (U-08)
 * - `sign-bit`: only the top bit counts; the rest faults later (U-09)
 * - `user-ptr-max`: start and end ≤ limit (U-10)
 * - `generic`: size ≤ limit and address ≤ limit − size (U-12)
 * - `own-space`: user memory has an address space for itself, all of it but the last page (s390)
 */
export interface UserLimit {
  /** TASK_SIZE_MAX, or where mappings end. */
  readonly taskSize: number;
  readonly rule:
    | "carry-2009"
    | "x86_64-2009"
    | "task-size-max"
    | "sign-bit"
    | "user-ptr-max"
    | "generic"
    | "own-space";
  /** What the rule comes to: the highest end of a range that a copy takes, and that a single word may have. */
  readonly bulkEnd: number;
  readonly wordEnd: number;
}

const TASK_SIZE_X86_64 = 2 ** 47 - 4096;
const TASK_SIZE_I386 = 0xc0000000;
/** Where ranges may end that the size of a task does not bound: the highest number below 2^63; −PAGE_SIZE. */
const ENDS: Readonly<Partial<Record<UserLimit["rule"], number>>> = {
  "sign-bit": 2 ** 63 - 1024,
  "own-space": 2 ** 64 - 4096,
};

/** The limits trapgate's eras use (rules §7, Limits). A compat task has the 64-bit limit (U-13). */
export const LIMITS: Readonly<
  Record<
    | "i386_2009"
    | "i386_generic"
    | "x86_64_2009"
    | "x86_64_task_size"
    | "x86_64_sign_bit"
    | "x86_64_user_ptr_max"
    | "arm64"
    | "riscv64"
    | "s390x"
    | "powerpc64",
    UserLimit
  >
> = {
  i386_2009: userLimit(TASK_SIZE_I386, "carry-2009"),
  i386_generic: userLimit(TASK_SIZE_I386, "generic"),
  x86_64_2009: userLimit(TASK_SIZE_X86_64, "x86_64-2009"),
  x86_64_task_size: userLimit(TASK_SIZE_X86_64, "task-size-max"),
  x86_64_sign_bit: userLimit(TASK_SIZE_X86_64, "sign-bit"),
  x86_64_user_ptr_max: userLimit(TASK_SIZE_X86_64, "user-ptr-max"),
  /** 48 bits of address, pages of 4 KiB. */
  arm64: userLimit(2 ** 48, "generic"),
  /** Sv48: four levels of page tables. */
  riscv64: userLimit(2 ** 47, "generic"),
  /** A program begins with three levels of tables: 4 TiB. */
  s390x: userLimit(2 ** 42, "own-space"),
  /** 64 TiB, with pages of 4 KiB. */
  powerpc64: userLimit(2 ** 46, "generic"),
};

/** A limit at `taskSize` under a rule: for an era of your own. */
export function userLimit(taskSize: number, rule: UserLimit["rule"]): UserLimit {
  const end = ENDS[rule] ?? taskSize;
  return { taskSize, rule, bulkEnd: rule === "x86_64-2009" ? end - 1 : end, wordEnd: end };
}

/**
 * `access_ok`: whether [address, address + size) may be user memory at all. It never looks at mappings (U-05), and
 * tests the ends of an empty range too: it is the copies that make nothing of a length of 0 (U-04).
 *
 * @param address in address form; anything that is not a non-negative integer is refused
 */
export function accessOk(limit: UserLimit, address: number, size: number, kind: "bulk" | "scalar"): boolean {
  if (!(address >= 0) || !(size >= 0)) return false;
  return address + size <= (kind === "bulk" ? limit.bulkEnd : limit.wordEnd);
}
