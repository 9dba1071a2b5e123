import { addressOf } from "../../abi/address.ts";
import { userPtr } from "../../abi/pointer.ts";
import { CLONE, user_desc } from "../../abi/structs/index.ts";
import type { Word64 } from "../../abi/word64.ts";
import type { Result } from "../outcome.ts";
import type { Fork } from "./fork.ts";

/**
 * The child's registers, stack and thread-local storage (copy_thread). The child returns from the same call with
 * 0 (N-12, B-21).
 */
export function copyThread(f: Fork): Result {
  const { regs, request, current } = f;
  if (regs === null) return 0;
  regs.copyFrom(current.regs);
  f.k.path.childReturn(regs);
  if (request.stack.lo !== 0 || request.stack.hi !== 0)
    regs.setWord("sp", request.stack.lo, request.stack.hi);
  return f.has(CLONE.SETTLS) ? setTls(f) : 0;
}

function setTls(f: Fork): Result {
  const word = tlsWord(f);
  return f.current.bits === 32 ? setThreadArea(f, word) : setFsBase(f, word);
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

/** B-12, B-13: one 16-byte descriptor from user memory into one of three slots. */
function setThreadArea(f: Fork, word: Word64): Result {
  const { k } = f;
  const layout = k.layout(user_desc);
  const at = k.kstack(layout.size);
  if (k.uaccess.copyFromUser(at, userPtr(addressOf(word.lo, 0)), layout.size) !== 0) {
    return k.fail("tls-unreadable");
  }
  const [first, last] = k.profile.tlsEntries[k.path.kernel];
  const entry = layout.field("entry_number").int(k.view, at);
  if (entry < first || entry > last) return k.fail("tls-entry");
  const slots = [...(f.tls ?? [EMPTY, EMPTY, EMPTY])];
  const word32 = (name: string): number => layout.field(name).int(k.view, at);
  slots[entry - first] = [entry, word32("base_addr"), word32("limit"), word32("flags")];
  f.tls = slots;
  return 0;
}

const EMPTY: readonly [number, number, number, number] = [0, 0, 0, 0];
