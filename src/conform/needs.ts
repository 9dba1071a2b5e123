import { mainlineName } from "./mainline.ts";
import { startOf } from "./start-memory.ts";
import { type Arg, isX86, type Need, operationsOf, type SysOperation, type Vector } from "./vector.ts";
import { addressOfWord, wordOf } from "./words.ts";

const ARCH_SET_CPUID = 0x1012n;
const PROT_MASK = 7;
const PROT_EXEC = 4;
/** Where the protection stands among the arguments. */
const PROT_ARGUMENT = 2;
/** Bytes from the start of `mmap_arg_struct` to its protection: after two words of i386. */
const PROT_FIELD = 8;

/** What follows from what a case does: matters of the processor, which no case needs to say. */
const FOLLOWS: readonly (readonly [Need, (vector: Vector) => boolean])[] = [
  ["no-pku", hasExecuteOnly],
  ["no-cpuid-faulting", asksForCpuidFaults],
];

/** What a kernel must be like for the answer to hold: what the case says, and what follows from what it does. */
export function needsOf(vector: Vector): readonly Need[] {
  const said = vector.needs ?? [];
  if (!isX86(vector.arch)) return said;
  const more = FOLLOWS.filter(([need, follows]) => !said.includes(need) && follows(vector));
  return more.length === 0 ? said : [...said, ...more.map(([need]) => need)];
}

/** Memory that may be executed and nothing else can be read too, but where the processor has protection keys. */
function hasExecuteOnly(vector: Vector): boolean {
  if (vector.regions.some(({ prot }) => prot === "--x")) return true;
  return callsOf(vector).some((call) => protAsked(call, vector) === PROT_EXEC);
}

/** Whether `cpuid` can be made to fault is asked by trying to. */
function asksForCpuidFaults(vector: Vector): boolean {
  return callsOf(vector).some((call) => {
    const [code] = call.args;
    if (code === undefined || typeof code === "object" || nameOf(call, vector) !== "arch_prctl") return false;
    return BigInt.asUintN(32, wordOf(code)) === ARCH_SET_CPUID;
  });
}

function callsOf(vector: Vector): SysOperation[] {
  return [...operationsOf(vector.program)].filter((operation) => operation.op === "sys");
}

/** The name of a call under today's kernel. */
function nameOf({ nr }: SysOperation, { arch }: Vector): string | undefined {
  return mainlineName(arch, Number(BigInt.asIntN(32, wordOf(nr))));
}

/** The protection a call asks for; null where it asks for none or nobody can know it. */
function protAsked(call: SysOperation, vector: Vector): number | null {
  const name = nameOf(call, vector);
  if (name === "mmap" && vector.arch !== "x86_64") return protInStruct(call.args[0], vector);
  if (name === "mmap" || name === "mmap2" || name === "mprotect") return protOf(call.args[PROT_ARGUMENT]);
  return null;
}

function protOf(arg: Arg | undefined): number | null {
  if (arg === undefined || typeof arg === "object") return null;
  return Number(wordOf(arg) & BigInt(PROT_MASK));
}

/** i386's first mmap has its arguments in memory. */
function protInStruct(arg: Arg | undefined, vector: Vector): number | null {
  if (arg === undefined || typeof arg === "object") return null;
  return (startOf(vector, addressOfWord(arg) + PROT_FIELD, 4)[0] as number) & PROT_MASK;
}
