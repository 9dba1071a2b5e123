import { operationsOf, type SysOperation, type Vector } from "../vector.ts";
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
import { pathText } from "./start-text.ts";
import { stuckInit } from "./stuck-init.ts";

/** O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_TMPFILE. */
const CHANGES = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000;
const MAP_POPULATE = 0x8000;
const MAP_LOCKED = 0x2000;
const MAKES_TASKS: ReadonlySet<string> = new Set(["fork", "vfork", "clone", "clone3"]);
/** Numbers nobody can have given away since the table of names was written. */
const FAR_NUMBER = 1024;

/** Why a case is not run on a live kernel, whatever the machine: what it could do outside itself. Null for one that is. */
export function refusalOf(vector: Vector): string | null {
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
  if (name === "fcntl" || name === "fcntl64") {
    const command = constant(call.args[1]);
    if (command === null || !FCNTL_COMMANDS.has(command & 0xffffffffn))
      return `${name} may lock, lease or signal: only with commands about descriptors, flags and pipes`;
  }
  if (name === "mmap" || name === "mmap2") {
    const flags = constant(call.args[3]);
    // In compat mode mmap has its words in memory.
    if (name === "mmap2" || vector.arch === "x86_64")
      if (flags === null || (flags & BigInt(MAP_POPULATE | MAP_LOCKED)) !== 0n)
        return `${name} may take memory for good: only without MAP_POPULATE and MAP_LOCKED`;
  }
  return PATHS[name] === undefined ? null : refusePath(name, call, vector, remaps);
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
