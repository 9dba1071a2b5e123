import { mainlineName } from "./mainline.ts";
import { startOf } from "./start-memory.ts";
import { type Arg, isX86, type Need, operationsOf, type SysOperation, type Vector } from "./vector.ts";
import { addressOfWord, wordOf } from "./words.ts";

const PROT_MASK = 7;
const PROT_EXEC = 4;
/** Where the protection stands among the arguments. */
const PROT_ARGUMENT = 2;
/** Bytes from the start of `mmap_arg_struct` to its protection: after two words of i386. */
const PROT_FIELD = 8;

/** What a kernel must be like for the answer to hold: what the case says, and what follows from what it does. */
export function needsOf(vector: Vector): readonly Need[] {
  const said = vector.needs ?? [];
  if (!isX86(vector.arch)) return said;
  return said.includes("no-pku") || !hasExecuteOnly(vector) ? said : [...said, "no-pku"];
}

/** Memory that may be executed and nothing else can be read too, but where the processor has protection keys. */
function hasExecuteOnly(vector: Vector): boolean {
  if (vector.regions.some(({ prot }) => prot === "--x")) return true;
  return [...operationsOf(vector.program)].some(
    (operation) => operation.op === "sys" && protAsked(operation, vector) === PROT_EXEC,
  );
}

/** The protection a call asks for; null where it asks for none or nobody can know it. */
function protAsked(call: SysOperation, vector: Vector): number | null {
  const name = mainlineName(vector.arch, Number(BigInt.asIntN(32, wordOf(call.nr))));
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
