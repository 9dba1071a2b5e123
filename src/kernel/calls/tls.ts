import { hiOf, loOf } from "../../abi/address.ts";
import {
  arch_prctl as archPrctlDecl,
  compat_arch_prctl as compatArchPrctlDecl,
  get_thread_area as getThreadAreaDecl,
  set_thread_area as setThreadAreaDecl,
} from "../../abi/calls/index.ts";
import type { Ladders } from "../../abi/ladders/index.ts";
import { userPtr } from "../../abi/pointer.ts";
import { ARCH, user_desc } from "../../abi/structs/index.ts";
import type { RungsOf } from "../../abi/syscall.ts";
import { type Call, type Implementation, implement, type Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";
import { entryOf, placeDescriptor, readDescriptor, slotOf } from "../task/thread-area.ts";
import { describeSlot, NO_TLS } from "../task/tls.ts";

type CommonCall = Call<
  RungsOf<{ readonly ladder: readonly [{ readonly include: "arch_prctl_common" }] }, Ladders>
>;

/** The processor states the emulated processor has: x87 and SSE, none of which takes a permission. */
const XFEATURES = 0x3;
/** The highest number of a processor state that arch_prctl knows (XFEATURE_XTILE_DATA). */
const LAST_XFEATURE = 18;

/** `arch_prctl`. Source: arch/x86/kernel/process_64.c do_arch_prctl_64. */
export const arch_prctl: Implementation = implement(archPrctlDecl, (k, { option, arg2 }) => {
  const { task } = k;
  switch (option) {
    case ARCH.SET_FS:
      if (!isUserBase(k, arg2)) return k.fail("base-not-user");
      task.fsBase = arg2;
      return 0;
    case ARCH.SET_GS:
      if (!isUserBase(k, arg2)) return k.fail("base-not-user");
      task.gsBase = arg2;
      return 0;
    case ARCH.GET_FS:
      return storeBase(k, arg2, task.fsBase);
    case ARCH.GET_GS:
      return storeBase(k, arg2, task.gsBase);
    default:
      return common(k, option, arg2);
  }
});

/** `compat_arch_prctl`. */
export const compat_arch_prctl: Implementation = implement(compatArchPrctlDecl, (k, { option, arg2 }) =>
  common(k, option, arg2),
);

/** `set_thread_area`. Source: arch/x86/kernel/tls.c do_set_thread_area. */
export const set_thread_area: Implementation = implement(setThreadAreaDecl, (k, { u_info }) => {
  const { task } = k;
  let descriptor = readDescriptor(k, u_info);
  if (typeof descriptor === "number") return descriptor;
  const [entry, ...rest] = descriptor;
  if (entry === -1) {
    const free = (task.tls ?? NO_TLS).indexOf(null);
    if (free < 0) return k.fail("no-free-entry");
    const found = entryOf(k, free);
    const at = u_info + k.layout(user_desc).field("entry_number").offset;
    if (!k.uaccess.putUser(userPtr(at), 4, found)) return k.fail("entry-unwritable");
    descriptor = [found, ...rest];
  }
  const slots = placeDescriptor(k, task.tls, descriptor);
  if (typeof slots === "number") return slots;
  task.tls = slots;
  return 0;
});

/** `get_thread_area`. Source: arch/x86/kernel/tls.c do_get_thread_area. */
export const get_thread_area: Implementation = implement(getThreadAreaDecl, (k, { u_info }) => {
  const layout = k.layout(user_desc);
  if (!k.uaccess.getUser(userPtr(u_info + layout.field("entry_number").offset), 4))
    return k.fail("entry-unreadable");
  const entry = k.uaccess.lo | 0;
  const slot = slotOf(k, entry);
  if (slot < 0) return k.fail("tls-entry");
  const [, base_addr, limit, flags] = describeSlot(k.task.tls, slot, entry);
  const at = k.kstack(layout.size);
  layout.write(k.view, at, { entry_number: entry, base_addr, limit, flags });
  return k.uaccess.copyToUser(u_info, at, layout.size) === 0 ? 0 : k.fail("descriptor-unwritable");
});

function isUserBase(k: Call, base: number): boolean {
  return base < k.profile.limits.x86_64.taskSize;
}

function storeBase(k: Call<Rungs<typeof archPrctlDecl>>, to: number, base: number): Result {
  return k.uaccess.putUser(userPtr(to), 8, loOf(base), hiOf(base)) ? 0 : k.fail("base-unwritable");
}

/** What a caller of either width may ask for; in an era that has it. */
function common(k: CommonCall, option: number, arg: number): Result {
  const { cpuid, xcomp } = k.profile.archPrctl;
  switch (option) {
    case ARCH.GET_CPUID:
      return cpuid ? 1 : k.fail("unknown-option");
    case ARCH.SET_CPUID:
      return cpuid ? k.fail("cpuid-not-faultable") : k.fail("unknown-option");
    case ARCH.GET_XCOMP_SUPP:
    case ARCH.GET_XCOMP_PERM:
    case ARCH.GET_XCOMP_GUEST_PERM:
      if (!xcomp) return k.fail("unknown-option");
      return k.uaccess.putUser(userPtr(arg), 8, XFEATURES) ? 0 : k.fail("features-unwritable");
    case ARCH.REQ_XCOMP_PERM:
    case ARCH.REQ_XCOMP_GUEST_PERM:
      if (!xcomp) return k.fail("unknown-option");
      return arg > LAST_XFEATURE ? k.fail("no-such-feature") : k.fail("feature-not-dynamic");
    default:
      return k.fail("unknown-option");
  }
}
