import { addressOf } from "../../abi/address.ts";
import { userPtr } from "../../abi/pointer.ts";
import { CLONE } from "../../abi/structs/index.ts";
import type { Word64 } from "../../abi/word64.ts";
import type { PtRegs } from "../../arch/pt-regs.ts";
import type { Result } from "../outcome.ts";
import { placeDescriptor, readDescriptor } from "../task/thread-area.ts";
import type { Fork } from "./fork.ts";

/**
 * The child's registers, stack and thread-local storage (copy_thread). The child returns from the same call with
 * 0 (N-12, B-21).
 */
export function copyThread(f: Fork): Result {
  const { regs, request, current } = f;
  if (regs === null) return 0;
  f.k.path.childReturn(regs);
  const { lo, hi } = request.stack;
  // The way back to a 32-bit program cuts what clone3 lets in.
  if (lo !== 0 || hi !== 0 || request.stackIsGiven)
    regs.setWord(regs.layout.sp, lo, current.bits === 32 ? 0 : hi);
  return f.has(CLONE.SETTLS) ? setTls(f, regs) : 0;
}

function setTls(f: Fork, regs: PtRegs): Result {
  const word = tlsWord(f);
  const { current, k } = f;
  if (k.path.kernel !== "x86_64" && k.path.kernel !== "i386") return setThreadPointer(f, regs, word);
  const narrow = k.profile.tlsDescriptorFor === "entry" ? !k.path.wide : current.bits === 32;
  return narrow ? setThreadArea(f, word) : setFsBase(f, word);
}

/** In 2009 copy_thread took the word from the register frame, wherever the call had its arguments. */
function tlsWord(f: Fork): Word64 {
  if ((f.request.tlsFrom ?? f.k.profile.tlsFrom) === "argument") return f.request.tls;
  const { path, regs } = f.current;
  const at = regs.base + path.tlsIndex;
  return { lo: regs.u32[at] as number, hi: path.layout.wordSize === 8 ? (regs.u32[at + 1] as number) : 0 };
}

/** Off x86 the word becomes the thread pointer, whatever it is: a general register, or one of its own. */
function setThreadPointer(f: Fork, regs: PtRegs, { lo, hi }: Word64): Result {
  if (regs.layout.tls === null) f.fsBase = addressOf(lo, hi);
  else regs.setWord(regs.layout.tls, lo, hi);
  return 0;
}

/** P-23: the base must be a user address. */
function setFsBase(f: Fork, word: Word64): Result {
  const base = addressOf(word.lo, word.hi);
  if (base >= f.k.profile.limits.x86_64.taskSize) return f.k.fail("tls-base");
  f.fsBase = base;
  return 0;
}

/** B-12, B-13, P-22: one descriptor from user memory into one of three slots, which the caller must name. */
function setThreadArea(f: Fork, word: Word64): Result {
  const descriptor = readDescriptor(f.k, userPtr(addressOf(word.lo, word.hi)));
  if (typeof descriptor === "number") return descriptor;
  const slots = placeDescriptor(f.k, f.tls, descriptor);
  if (typeof slots === "number") return slots;
  f.tls = slots;
  return 0;
}
