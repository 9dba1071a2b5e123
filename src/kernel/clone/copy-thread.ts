import { addressOf } from "../../abi/address.ts";
import { userPtr } from "../../abi/pointer.ts";
import { CLONE } from "../../abi/structs/index.ts";
import type { Word64 } from "../../abi/word64.ts";
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
  if (lo !== 0 || hi !== 0) regs.setWord("sp", lo, current.bits === 32 ? 0 : hi);
  return f.has(CLONE.SETTLS) ? setTls(f) : 0;
}

function setTls(f: Fork): Result {
  const word = tlsWord(f);
  const { current, k } = f;
  const narrow = k.profile.tlsDescriptorFor === "entry" ? !k.path.wide : current.bits === 32;
  return narrow ? setThreadArea(f, word) : setFsBase(f, word);
}

/** In 2009 copy_thread took the word from the register frame, wherever the call had its arguments. */
function tlsWord(f: Fork): Word64 {
  if ((f.request.tlsFrom ?? f.k.profile.tlsFrom) === "argument") return f.request.tls;
  const name = f.current.bits === 32 ? "si" : "r8";
  return { lo: f.current.regs.lo(name), hi: f.current.regs.hi(name) };
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
