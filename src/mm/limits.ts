/**
 * Where user space ends, and how an era tests a range against it (U-06 … U-13).
 *
 * - `carry-2009`: 2.6.30 i386; no wrap, end ≤ limit (U-06)
 * - `x86_64-2009`: bulk copies refuse an end equal to the limit, single words do not (U-07)
 * - `task-size-max`: address + size ≤ limit, no wrap (U-08)
 * - `sign-bit`: only the top bit counts; the rest faults later (U-09)
 * - `user-ptr-max`: start and end ≤ limit (U-10)
 * - `generic`: size ≤ limit and address ≤ limit − size (U-12)
 */
export interface UserLimit {
  /** TASK_SIZE_MAX. */
  readonly taskSize: number;
  readonly rule: "carry-2009" | "x86_64-2009" | "task-size-max" | "sign-bit" | "user-ptr-max" | "generic";
}

const TASK_SIZE_X86_64 = 2 ** 47 - 4096;
const TASK_SIZE_I386 = 0xc0000000;
const SIGN_BIT = 2 ** 63;

/** The limits trapgate's eras use (rules §7, Limits). A compat task has the 64-bit limit (U-13). */
export const LIMITS: Readonly<
  Record<
    | "i386_2009"
    | "i386_generic"
    | "x86_64_2009"
    | "x86_64_task_size"
    | "x86_64_sign_bit"
    | "x86_64_user_ptr_max",
    UserLimit
  >
> = {
  i386_2009: { taskSize: TASK_SIZE_I386, rule: "carry-2009" },
  i386_generic: { taskSize: TASK_SIZE_I386, rule: "generic" },
  x86_64_2009: { taskSize: TASK_SIZE_X86_64, rule: "x86_64-2009" },
  x86_64_task_size: { taskSize: TASK_SIZE_X86_64, rule: "task-size-max" },
  x86_64_sign_bit: { taskSize: TASK_SIZE_X86_64, rule: "sign-bit" },
  x86_64_user_ptr_max: { taskSize: TASK_SIZE_X86_64, rule: "user-ptr-max" },
};

/**
 * `access_ok`: whether [address, address + size) may be user memory at all. It never looks at mappings (U-05), and
 * tests the ends of an empty range too: it is the copies that make nothing of a length of 0 (U-04).
 *
 * @param address in address form; anything that is not a non-negative integer is refused
 */
export function accessOk(limit: UserLimit, address: number, size: number, kind: "bulk" | "scalar"): boolean {
  if (!(address >= 0) || !(size >= 0)) return false;
  const end = address + size;
  switch (limit.rule) {
    case "x86_64-2009":
      return kind === "bulk" ? end < limit.taskSize : end <= limit.taskSize;
    case "sign-bit":
      return address < SIGN_BIT && end < SIGN_BIT;
    default:
      return end <= limit.taskSize;
  }
}
