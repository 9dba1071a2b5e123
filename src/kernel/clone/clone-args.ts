import { addressOf } from "../../abi/address.ts";
import type { clone3 } from "../../abi/calls/index.ts";
import type { FieldAccessor } from "../../abi/field-accessor.ts";
import { type UserPtr, userPtr } from "../../abi/pointer.ts";
import type { StructLayout } from "../../abi/struct.ts";
import { CLONE, CLONE_HIGH, clone_args } from "../../abi/structs/index.ts";
import type { Word64 } from "../../abi/word64.ts";
import { copyStructFromUser } from "../../mm/copy-struct.ts";
import { PAGE_SIZE } from "../../mm/frames.ts";
import type { Call, Rungs } from "../call.ts";
import type { Result } from "../outcome.ts";
import type { Clone3Rules } from "../profile/profile.ts";
import { NSIG } from "../task/signal-queue.ts";
import { ForkRequest } from "./request.ts";

type Clone3Call = Call<Rungs<typeof clone3>>;

/** CLONE_ARGS_SIZE_VER0 and VER2. */
const SIZE_VER0 = clone_args.versions.VER0;
const SIZE_VER2 = clone_args.versions.VER2;
/** MAX_PID_NS_LEVEL: numbers of a set_tid array. */
const MOST_TIDS = 32;
const PID_BYTES = 4;
const INT_MAX = 0x7fffffff;

/** What {@link copyCloneArgs} read: the request, still with the stack's lowest byte in the place of its top. */
export interface CloneArgs {
  readonly request: ForkRequest;
  readonly stackSize: Word64;
}

/** The struct's fields as one ABI lays them out, looked up once. */
type Fields = Readonly<Record<keyof typeof clone_args.fields, FieldAccessor>>;

const FIELDS: WeakMap<StructLayout, Fields> = new WeakMap();

function fieldsOf(layout: StructLayout): Fields {
  let fields = FIELDS.get(layout);
  if (fields === undefined) {
    const names = Object.keys(clone_args.fields);
    fields = Object.fromEntries(names.map((name) => [name, layout.field(name)])) as Fields;
    FIELDS.set(layout, fields);
  }
  return fields;
}

/**
 * `copy_clone_args_from_user`: the struct, its tail before its head, and the array of tids, each read once; what is
 * judged while it is read. Returns the errno of a rung when something is wrong. Rules C-01 … C-13, C-25.
 */
export function copyCloneArgs(
  k: Clone3Call,
  uargs: UserPtr<"clone_args", "in">,
  size: number,
): CloneArgs | Result {
  const rules = k.profile.clone3 as Clone3Rules;
  if (size > PAGE_SIZE) return k.fail("size-too-large");
  if (size < SIZE_VER0) return k.fail("size-too-small");
  const layout = k.layout(clone_args);
  const at = k.kstack(layout.size);
  const unread = readStruct(k, at, uargs, size, rules.knownSize);
  if (unread !== 0) return unread;
  const fields = fieldsOf(layout);
  const { view } = k;
  const address = (field: FieldAccessor): number => field.int(view, at);
  const word = (field: FieldAccessor): Word64 => ({
    lo: field.lo(view, at),
    hi: native(k, field.hi(view, at)),
  });
  const pointer = (field: FieldAccessor): number =>
    addressOf(field.lo(view, at), native(k, field.hi(view, at)));

  const count = address(fields.set_tid_size);
  const given = address(fields.set_tid) !== 0;
  if (count > MOST_TIDS) return k.fail("tid-count-above-32");
  if (!given && count > 0) return k.fail("tids-null");
  if (given && count === 0) return k.fail("tid-count-zero");
  const exitSignal = fields.exit_signal.lo(view, at);
  if (exitSignal > CLONE.CSIGNAL || fields.exit_signal.hi(view, at) !== 0) return k.fail("exit-signal-wide");
  if (exitSignal > NSIG && rules.exitSignalEarly) return k.fail("exit-signal-above-64");
  const flagsHigh = fields.flags.hi(view, at);
  const cgroup = address(fields.cgroup);
  const intoCgroup = (flagsHigh & rules.highFlags & CLONE_HIGH.INTO_CGROUP) !== 0;
  if (intoCgroup && (cgroup > INT_MAX || size < SIZE_VER2)) return k.fail("cgroup-number");

  const setTid = count === 0 ? null : readTids(k, userPtr(pointer(fields.set_tid)), count);
  if (typeof setTid === "number") return setTid;
  const request = new ForkRequest({
    flags: fields.flags.lo(view, at),
    flagsHigh,
    exitSignal,
    stack: word(fields.stack),
    pidfd: userPtr(pointer(fields.pidfd)),
    childTid: userPtr(pointer(fields.child_tid)),
    parentTid: userPtr(pointer(fields.parent_tid)),
    tls: word(fields.tls),
    setTid,
  });
  return { request, stackSize: word(fields.stack_size) };
}

/** C-25: the 32-bit kernel keeps pointers and sizes in words of 32 bits; a 32-bit task of a 64-bit one does not (C-26). */
function native(k: Clone3Call, hi: number): number {
  return k.path.kernel === "i386" ? 0 : hi;
}

function readStruct(
  k: Clone3Call,
  at: number,
  uargs: UserPtr<"clone_args", "in">,
  size: number,
  known: number,
): Result {
  k.machine.pool.fill(at + known, 0, SIZE_VER2 - known);
  const error = copyStructFromUser(k.uaccess, at, known, uargs, size);
  if (error === null) return 0;
  if (error === "E2BIG") return k.fail("tail-not-zero");
  // U-15: the tail is examined first, so a fault in the head is one below it.
  const fault = k.uaccess.fault;
  const inTail = fault !== null && size > known && fault.address >= uargs + known;
  return k.fail(inTail ? "tail-unreadable" : "struct-unreadable");
}

/** C-13: the array, innermost namespace first. */
function readTids(k: Clone3Call, user: UserPtr<"pid_t", "in">, count: number): number[] | Result {
  const at = k.kstack(count * PID_BYTES);
  if (k.uaccess.copyFromUser(at, user, count * PID_BYTES) !== 0) return k.fail("tids-unreadable");
  const { littleEndian } = k.path.model;
  const tids: number[] = new Array(count);
  for (let i = 0; i < count; i++) tids[i] = k.view.getInt32(at + i * PID_BYTES, littleEndian);
  return tids;
}

/** `clone3_args_valid`: C-14 … C-21. The stack pointer becomes the top of the stack. */
export function checkCloneArgs(k: Clone3Call, kargs: CloneArgs): Result {
  const rules = k.profile.clone3 as Clone3Rules;
  const { flags, flagsHigh, exitSignal } = kargs.request;
  if ((flagsHigh & ~rules.highFlags) !== 0) return k.fail("unknown-flag");
  if ((flags & rules.refusedFlags) !== 0) return k.fail("legacy-flag");
  if ((flags & CLONE.SIGHAND) !== 0 && (flagsHigh & CLONE_HIGH.CLEAR_SIGHAND) !== 0)
    return k.fail("sighand-and-clear");
  if ((flags & (CLONE.THREAD | CLONE.PARENT)) !== 0 && exitSignal !== 0)
    return k.fail("exit-signal-of-sibling");
  return checkStack(k, kargs);
}

/** `clone3_stack_valid`: the range alone is looked at, never what is mapped there (C-18 … C-21). */
function checkStack(k: Clone3Call, kargs: CloneArgs): Result {
  const { stack } = kargs.request;
  const { stackSize } = kargs;
  const at = addressOf(stack.lo, stack.hi);
  const size = addressOf(stackSize.lo, stackSize.hi);
  if (at === 0) return size > 0 ? k.fail("stack-null") : 0;
  if (size === 0) return k.fail("stack-size-zero");
  if (!k.uaccess.accessOk(at, size)) return k.fail("stack-not-user");
  const lo = stack.lo + stackSize.lo;
  const hi = (stack.hi + stackSize.hi + (lo >= 2 ** 32 ? 1 : 0)) >>> 0;
  kargs.request.stack = { lo: lo >>> 0, hi };
  return 0;
}
