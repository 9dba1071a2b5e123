import { startOf } from "../../conform/start-memory.ts";
import { operationsOf, type SysOperation, type Vector } from "../../conform/vector.ts";
import { addressOfWord, wordOf } from "../../conform/words.ts";

/** What a task of a recording kernel is like that a case cannot say, and no program here is. */
const UNLIKE: readonly {
  readonly name: string;
  /** Of the first argument; any when left out. */
  readonly option?: bigint;
  readonly why: string;
}[] = [
  { name: "prctl", option: 16n, why: "a task's name is that of the program it runs in" },
  { name: "prctl", option: 30n, why: "tasks that run in real time have no timer slack" },
  { name: "prctl", option: 29n, why: "tasks that run in real time have no timer slack" },
  { name: "arch_prctl", option: 0x2001n, why: "trapgate has no vDSO" },
  { name: "arch_prctl", option: 0x2002n, why: "trapgate has no vDSO" },
  { name: "arch_prctl", option: 0x2003n, why: "trapgate has no vDSO" },
  { name: "arch_prctl", option: 0x1021n, why: "what XSAVE saves is a matter of the processor" },
  { name: "arch_prctl", option: 0x1022n, why: "what XSAVE saves is a matter of the processor" },
  { name: "arch_prctl", option: 0x1023n, why: "what XSAVE saves is a matter of the processor" },
  { name: "arch_prctl", option: 0x1024n, why: "what XSAVE saves is a matter of the processor" },
  { name: "arch_prctl", option: 0x1025n, why: "what XSAVE saves is a matter of the processor" },
];

/** Limits that follow from how much memory a machine has: of processes, and of pending signals. */
const LIMITS_OF_MACHINE: ReadonlySet<bigint | null> = new Set([6n, 11n]);

/** Calls that tell a limit, by the argument that says which. */
const TELL_LIMITS: Readonly<Record<string, number>> = { getrlimit: 0, old_getrlimit: 0, prlimit64: 1 };

const CLONE_NEWNS = 0x2_0000n;
const MAP_FIXED = 0x10n;
const FLAGS_OF_MMAP = 3;
const FAR = 2n ** 24n;
/** Of struct clone_args as far as it is looked at here. */
const EXIT_SIGNAL_AT = 32;
const CLONE_ARGS_BYTES = 40;
const SIGCHLD = 17n;

/** Calls that report how long something took, by the argument that points at where. */
const USAGE: Readonly<Record<string, number>> = { wait4: 3, waitid: 4 };

/** Why nothing can be learnt of a program on a real kernel; null when something can. */
export function unlike(vector: Vector): string | null {
  for (const operation of operationsOf(vector.program)) {
    if (operation.op !== "sys") continue;
    const { name = "" } = operation;
    const option = numberAt(operation, 0);
    const found = UNLIKE.find(
      (one) => isCalled(name, one.name) && (one.option === undefined || one.option === option),
    );
    if (found !== undefined) return found.why;
    const limit = TELL_LIMITS[name];
    if (limit !== undefined && LIMITS_OF_MACHINE.has(numberAt(operation, limit)))
      return "how many processes and signals there may be is a matter of the machine";
    if (reachesFar(operation)) return "what holds the recorder lies in the same memory";
    if (placesFreely(operation)) return "where a mapping comes is the kernel's choice";
    if (dies(operation, vector))
      return "a child that takes its mount namespace along dies whenever it comes to it";
    if (asksForUsage(operation)) return "how long a child ran is a matter of the machine";
  }
  return null;
}

/** A piece of memory larger than all there is of the lab's. */
function reachesFar({ name = "", args }: SysOperation): boolean {
  if (!["mmap", "mmap2", "munmap", "mprotect"].includes(name)) return false;
  const length = args[1] ?? 0;
  return typeof length === "object" || wordOf(length) > FAR;
}

function placesFreely(operation: SysOperation): boolean {
  const { name = "" } = operation;
  if (name !== "mmap" && name !== "mmap2") return false;
  const flags = numberAt(operation, FLAGS_OF_MMAP);
  return flags === null || (flags & MAP_FIXED) === 0n;
}

/** A signal other than SIGCHLD at the end of a child with a mount namespace of its own: it comes in nobody's order. */
function dies(operation: SysOperation, vector: Vector): boolean {
  const { name = "" } = operation;
  if (name === "clone") {
    const flags = numberAt(operation, 0);
    return flags === null || ((flags & CLONE_NEWNS) !== 0n && !isOrdinary(flags & 0xffn));
  }
  if (name !== "clone3") return false;
  const at = operation.args[0] ?? 0;
  if (typeof at === "object") return true;
  const bytes = startOf(vector, addressOfWord(at), CLONE_ARGS_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return (
    (view.getBigUint64(0, true) & CLONE_NEWNS) !== 0n && !isOrdinary(view.getBigUint64(EXIT_SIGNAL_AT, true))
  );
}

function isOrdinary(exitSignal: bigint): boolean {
  return exitSignal === 0n || exitSignal === SIGCHLD;
}

/** The low half of an argument; null for what an earlier call returns. */
function numberAt({ args }: SysOperation, place: number): bigint | null {
  const arg = args[place] ?? 0;
  return typeof arg === "object" ? null : BigInt.asUintN(32, wordOf(arg));
}

/** The 32-bit call is the same one under another name. */
function isCalled(name: string, one: string): boolean {
  return name === one || name === `compat_${one}`;
}

function asksForUsage({ name = "", args }: SysOperation): boolean {
  const place = USAGE[name];
  const arg = place === undefined ? 0 : (args[place] ?? 0);
  return typeof arg === "object" || wordOf(arg) !== 0n;
}
