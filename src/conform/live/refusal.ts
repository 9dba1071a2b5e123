import { isX86, operationsOf, type SysOperation, type Vector } from "../vector.ts";
import { addressOfWord, wordOf } from "../words.ts";
import { constant, nameOf, numberOf } from "./call-words.ts";
import {
  DEVICES,
  FCNTL_COMMANDS,
  NAMESPACED,
  OWN_SYSCTLS,
  PATHS,
  PERMITTED,
  REMAPPING,
} from "./permitted.ts";
import { memoryAt, pathText } from "./start-text.ts";
import { stuckInit } from "./stuck-init.ts";

/** O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_TMPFILE. */
const CHANGES = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000;
const MAP_POPULATE = 0x8000n;
const MAP_LOCKED = 0x2000n;
/** What may be locked, and filled, for as long as a case takes. */
const FEW_BYTES = 0x10000n;
const F_SETPIPE_SZ = 1031n;
/** A pipe of this length is a table of 20 kilobytes; none is longer than 2 GiB. */
const LONG_PIPE = 0x200000n;
const NO_PIPE = 0x80000000n;
/** No kernel has such a command of fcntl: they begin at 0 and at 1024. */
const FAR_COMMAND = 0x10000n;
const MAKES_TASKS: ReadonlySet<string> = new Set(["fork", "vfork", "clone", "clone3"]);
/** Numbers nobody can have given away since the table of names was written. */
const FAR_NUMBER = 1024;

/** The processor a case's program is of, where no kernel asked here can have it; null where it is an x86. */
export function processorOf({ arch }: Vector): string | null {
  return isX86(arch) ? null : `it is a program of ${arch}, and there is no such processor here`;
}

/** Why a case is not run on a live kernel, whatever the machine: what it could do outside itself. Null for one that is. */
export function refusalOf(vector: Vector): string | null {
  const foreign = processorOf(vector);
  if (foreign !== null) return foreign;
  const calls = [...operationsOf(vector.program)].filter((o): o is SysOperation => o.op === "sys");
  const stuck = stuckInit(vector);
  if (stuck !== null) return stuck;
  const remaps = calls.some((call) => REMAPPING.has(nameOf(call, vector) ?? ""));
  for (const call of calls) {
    const refusal = refuseCall(call, vector, remaps);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** The path a call looks at, as it lies in memory before the start; null where it takes none, or none that is one. */
export function pathOf(
  call: SysOperation,
  vector: Vector,
): { readonly at: number; readonly text: Uint8Array } | null {
  const takes = PATHS[nameOf(call, vector) ?? ""];
  const pointer = takes === undefined ? undefined : call.args[takes.path];
  if (pointer === undefined || typeof pointer === "object") return null;
  const at = addressOfWord(vector.arch === "x86_64" ? pointer : Number(BigInt.asUintN(32, wordOf(pointer))));
  const text = pathText(vector, at);
  return text === null ? null : { at, text };
}

function refuseCall(call: SysOperation, vector: Vector, remaps: boolean): string | null {
  const name = nameOf(call, vector);
  const nr = numberOf(call);
  if (name === undefined)
    return nr < 0 || nr >= FAR_NUMBER || nr < 470 ? null : `number ${nr} may be anything on this kernel`;
  if (!PERMITTED.has(name)) return `${name} is not run on a live kernel`;
  if (vector.nsLevel === 0 && NAMESPACED.has(name)) return `${name} on level 0 reaches everybody`;
  if (MAKES_TASKS.has(name) && call.child === undefined)
    return `${call.label} may make a task and has no list for it: add "child":[]`;
  if (name === "prlimit64" && vector.nsLevel === 0 && constant(call.args[0]) !== 0n)
    return "prlimit64 on level 0 reaches everybody";
  const taken = refuseFcntl(name, call) ?? refuseMapping(name, call, vector);
  if (taken !== null) return taken;
  return PATHS[name] === undefined ? null : refusePath(name, call, vector, remaps);
}

function refuseFcntl(name: string, call: SysOperation): string | null {
  if (name !== "fcntl" && name !== "fcntl64") return null;
  const command = low(constant(call.args[1]));
  const size = low(constant(call.args[2]));
  if (command === F_SETPIPE_SZ)
    return size !== null && (size <= LONG_PIPE || size > NO_PIPE)
      ? null
      : `${name} may take memory for good: F_SETPIPE_SZ of up to ${LONG_PIPE} bytes, or of more than there can be`;
  return command !== null && (FCNTL_COMMANDS.has(command) || command >= FAR_COMMAND)
    ? null
    : `${name} may lock, lease or signal: only with commands about descriptors, flags and pipes`;
}

/** More than any memory of a program's is; none is known for a way in that cuts a 64-bit program's words. */
const ROOM: Readonly<Partial<Record<Vector["arch"], bigint>>> = {
  x86_64: 0x7ffffffff000n,
  i386: 0xffffe000n,
};

/** Pages that are there at once: few of them, or more than the caller's memory has room for. */
function refuseMapping(name: string, call: SysOperation, vector: Vector): string | null {
  if (name !== "mmap" && name !== "mmap2") return null;
  const words = mappingWords(name, call, vector);
  // A struct of arguments that cannot be read maps nothing.
  if (words === null) return null;
  const [length, flags] = words;
  if (flags !== null && (flags & (MAP_POPULATE | MAP_LOCKED)) === 0n) return null;
  const room = ROOM[vector.arch] ?? null;
  if (length !== null && (length <= FEW_BYTES || (room !== null && length > room))) return null;
  return `${name} may take memory for good: MAP_POPULATE and MAP_LOCKED of up to ${FEW_BYTES} bytes alone`;
}

/** Length and flags of a mapping, null where they are not known beforehand; in compat mode mmap has them in memory. */
function mappingWords(
  name: string,
  call: SysOperation,
  vector: Vector,
): readonly [length: bigint | null, flags: bigint | null] | null {
  const wide = vector.arch === "x86_64";
  if (wide || name === "mmap2") {
    const [length, flags] = [constant(call.args[1]), constant(call.args[3])];
    return wide ? [length, flags] : [low(length), low(flags)];
  }
  const at = low(constant(call.args[0]));
  if (at === null) return [null, null];
  const bytes = memoryAt(vector, Number(at), 16);
  if (bytes === null) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return [BigInt(view.getUint32(4, true)), BigInt(view.getUint32(12, true))];
}

/** The half of a register that a 32-bit word is in. */
function low(word: bigint | null): bigint | null {
  return word === null ? null : word & 0xffffffffn;
}

function refusePath(name: string, call: SysOperation, vector: Vector, remaps: boolean): string | null {
  const takes = PATHS[name];
  if (takes === undefined) return null;
  if (typeof call.args[takes.path] === "object") return `the path of ${name} is not known beforehand`;
  const path = pathOf(call, vector);
  if (path === null) return remaps ? `the path of ${name} is not known beforehand` : null;
  const flags = takes.flags === undefined ? 0n : constant(call.args[takes.flags]);
  if (flags === null) return `the flags of ${name} are not known beforehand`;
  const text = new TextDecoder("latin1").decode(path.text);
  const plain = text.replace(/^(\.?\/)+/, "");
  const own = text.startsWith("/") && OWN_SYSCTLS.has(plain) && vector.nsLevel > 0;
  if ((text.startsWith("/") && DEVICES.has(plain)) || own) return null;
  if ((flags & BigInt(CHANGES)) !== 0n) return `${name} could change ${JSON.stringify(text)}`;
  const outside = /^(dev|proc|sys)(\/|$)/.test(plain) || /(^|\/)\.\.(\/|$)/.test(plain);
  return outside && plain !== "proc/self/status"
    ? `${name} of ${JSON.stringify(text)} is not run on a live kernel`
    : null;
}
