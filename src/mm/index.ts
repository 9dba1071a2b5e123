export { type Access, AccessLog, type DoubleFetch } from "./access-log.ts";
export { AddressSpace, type AddressSpaceOptions } from "./address-space.ts";
export type { AddressSpaceSnapshot } from "./address-space-snapshot.ts";
export { checkZeroedUser, copyStructFromUser } from "./copy-struct.ts";
export type { Fault, FaultReason } from "./fault.ts";
export { FaultPlan, type PlannedAccess } from "./fault-plan.ts";
export { FramePool, type FramePoolOptions, PAGE_SIZE } from "./frames.ts";
export { type GuardOptions, guardAlloc } from "./guard.ts";
export { IovIter } from "./iov-iter.ts";
export {
  IOVEC_4_1,
  IOVEC_5_10,
  IOVEC_6_4,
  IOVEC_2009,
  type Iovec,
  type IovecError,
  type IovecRules,
  importIovec,
  MAX_RW_COUNT,
  UIO_MAXIOV,
} from "./iovec.ts";
export { KernelPages } from "./kernel-pages.ts";
export { accessOk, LIMITS, type UserLimit, userLimit } from "./limits.ts";
export type { When } from "./nth.ts";
export { Slab } from "./slab.ts";
export { Uaccess } from "./uaccess.ts";
export { STRING_FAULT, strncpyFromUser, strnlenUser } from "./user-string.ts";
export { PROT_EXEC, PROT_NONE, PROT_READ, PROT_WRITE, type Prot } from "./vma.ts";
