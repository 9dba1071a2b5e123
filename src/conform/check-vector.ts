import { errnoNumber, isErrnoName } from "../abi/errno.ts";
import { CAP } from "../kernel/capability.ts";
import { PAGE_SIZE } from "../mm/frames.ts";
import { LIMITS } from "../mm/limits.ts";
import { registerNames } from "./emulator/registers.ts";
import type { Misfit } from "./schema-check.ts";
import type { Expect, Operation, SysOperation, Vector, VectorArch } from "./vector.ts";
import { isX86, operationsOf } from "./vector.ts";
import { addressOfWord, patchLength, wordOf } from "./words.ts";

/** User space of any program that a case can ask for. */
const TOP: Readonly<Record<VectorArch, number>> = {
  x86_64: 2 ** 47,
  int80: 2 ** 47,
  i386: 2 ** 32,
  arm64: LIMITS.arm64.taskSize,
  riscv64: LIMITS.riscv64.taskSize,
  s390x: LIMITS.s390x.taskSize,
  powerpc64: LIMITS.powerpc64.taskSize,
};
/** More mapped memory than any case needs is a slip of a digit. */
const MOST_MEMORY = 16 * 2 ** 20;

/** What a schema cannot say of a case: the first thing that does not go together. Null when all does. */
export function checkVector(vector: Vector): Misfit | null {
  return (
    checkRegions(vector) ??
    checkDump(vector) ??
    checkCapabilities(vector) ??
    checkNamespace(vector) ??
    checkKernel(vector) ??
    checkRegisters(vector) ??
    checkLabels(vector) ??
    checkReferences(vector) ??
    checkProvenance(vector) ??
    checkExpect(vector)
  );
}

function checkRegions({ regions, arch }: Vector): Misfit | null {
  let total = 0;
  const taken: { start: number; end: number }[] = [];
  for (const [i, { addr, size, data }] of regions.entries()) {
    const start = addressOfWord(addr);
    const end = start + size;
    const path = `regions[${i}]`;
    if (start % PAGE_SIZE !== 0)
      return { path: `${path}.addr`, message: "is not on a page: write a multiple of 0x1000" };
    if (size === 0 || size % PAGE_SIZE !== 0)
      return {
        path: `${path}.size`,
        message: `${size} is not whole pages: write a multiple of ${PAGE_SIZE}`,
      };
    if (end > TOP[arch])
      return {
        path: `${path}.addr`,
        message: `ends above 0x${TOP[arch].toString(16)}, where no user memory is`,
      };
    const other = taken.findIndex((t) => start < t.end && t.start < end);
    if (other >= 0) return { path: `${path}.addr`, message: `overlaps regions[${other}]: keep them apart` };
    taken.push({ start, end });
    total += size;
    if (total > MOST_MEMORY)
      return { path: `${path}.size`, message: `makes more than ${MOST_MEMORY} bytes together: map less` };
    const over = (data ?? []).findIndex((patch) => patch.off + patchLength(patch) > size);
    if (over >= 0)
      return {
        path: `${path}.data[${over}]`,
        message: `ends beyond the region's ${size} bytes: shorten or move it`,
      };
  }
  return null;
}

function checkDump({ dump }: Vector): Misfit | null {
  const odd = dump.findIndex(({ addr, size }) => addressOfWord(addr) % 4 !== 0 || size % 4 !== 0);
  return odd < 0
    ? null
    : { path: `dump[${odd}]`, message: "is not whole 32-bit words: write multiples of 4" };
}

function checkCapabilities({ caps, capMask }: Vector): Misfit | null {
  if (typeof caps === "string") return null;
  let mask = 0n;
  for (const [i, name] of caps.entries()) {
    const number = CAP[name.replace(/^CAP_/, "") as keyof typeof CAP];
    if (number === undefined)
      return { path: `caps[${i}]`, message: `no capability is called ${name}: write it as CAP_SYS_ADMIN` };
    mask |= 1n << BigInt(number);
  }
  if (capMask === undefined || wordOf(capMask) === mask) return null;
  return { path: "capMask", message: `is not what caps says, 0x${mask.toString(16)}: leave it out` };
}

function checkNamespace({ nsLevel, nsInit }: Vector): Misfit | null {
  if (nsLevel > 0 || !nsInit) return null;
  return { path: "nsInit", message: "pid 1 of level 0 is the machine's own: write false, or nsLevel 1" };
}

function checkKernel({ kernel, arch }: Vector): Misfit | null {
  if (kernel === undefined || arch === "i386") return null;
  return { path: "kernel", message: `an i386 kernel runs no ${arch} program: write "arch":"i386"` };
}

/** Registers by the names of the case's processor; every program of x86 may name those it does not have. */
function checkRegisters({ program, arch }: Vector): Misfit | null {
  const known = new Set(registerNames(isX86(arch) ? "x86_64" : arch));
  return walk(program, "program", (operation, path) => {
    if (operation.op !== "sys") return null;
    const odd = Object.keys(operation.regs ?? {}).find((name) => !known.has(name));
    if (odd !== undefined)
      return { path: `${path}.regs.${odd}`, message: `is no register here: write ${[...known].join(" ")}` };
    if (operation.flags === undefined || isX86(arch)) return null;
    return { path: `${path}.flags`, message: `is x86's: ${arch} has no such register, take it out` };
  });
}

function checkLabels({ program }: Vector): Misfit | null {
  const seen = new Set(["main"]);
  return walk(program, "program", (operation, path) => {
    if (operation.op !== "sys") return null;
    if (seen.has(operation.label))
      return {
        path: `${path}.label`,
        message: `${operation.label} is taken: every result has a name of its own`,
      };
    seen.add(operation.label);
    return checkChild(operation, path);
  });
}

const CHILD_FIELDS = ["childExit", "childSharesVm", "childDump", "noPdeathsig", "captureChildRegs"] as const;

function checkChild(operation: SysOperation, path: string): Misfit | null {
  if (operation.child !== undefined) return null;
  const loose = CHILD_FIELDS.find((field) => operation[field] !== undefined);
  return loose === undefined
    ? null
    : { path: `${path}.${loose}`, message: 'is about a child that is not there: add "child":[]' };
}

/** A value can be used once its operation has returned: earlier in the list, or earlier than the list it is in. */
function checkReferences({ program }: Vector): Misfit | null {
  const makers = new Set(["main"]);
  for (const operation of operationsOf(program))
    if (operation.op === "sys" && operation.child !== undefined) makers.add(operation.label);
  const before = new Set<string>();
  return walk(program, "program", (operation, path) => {
    if (operation.op === "nspid") {
      if (makers.has(operation.of)) return null;
      return {
        path: `${path}.of`,
        message: `no operation called ${operation.of} makes a task: write main or its label`,
      };
    }
    for (const [i, arg] of operation.args.entries()) {
      if (typeof arg === "object" && !before.has(arg.ret))
        return {
          path: `${path}.args[${i}].ret`,
          message: `nothing before this is called ${arg.ret}: name an earlier label`,
        };
    }
    before.add(operation.label);
    return null;
  });
}

function checkProvenance({ provenance, program }: Vector): Misfit | null {
  const labels = new Set<string>();
  for (const operation of operationsOf(program)) if (operation.op === "sys") labels.add(operation.label);
  const loose = Object.keys(provenance?.breaks ?? {}).find((label) => !labels.has(label));
  return loose === undefined
    ? null
    : { path: `provenance.breaks.${loose}`, message: "is about no operation of the program: take it out" };
}

function checkExpect({ expect, program }: Vector): Misfit | null {
  if (expect === undefined) return null;
  const labels = new Set<string>();
  for (const operation of operationsOf(program)) if (operation.op === "sys") labels.add(operation.label);
  const missing = [...labels].find((label) => !Object.hasOwn(expect.results, label));
  if (missing !== undefined)
    return { path: `expect.results.${missing}`, message: "is missing: every operation has a result" };
  for (const part of ["results", "memory", "pids", "regs"] as const) {
    for (const key of Object.keys(expect[part] ?? {})) {
      const label = part === "regs" ? key.replace(/^child:/, "") : key;
      if (labels.has(label) || (key === "main" && (part === "memory" || part === "pids"))) continue;
      return { path: `expect.${part}.${key}`, message: "is about no operation of the program: take it out" };
    }
  }
  for (const [label, result] of Object.entries(expect.results)) {
    if (!("ret" in result) || result.errno === undefined) continue;
    if (!isErrnoName(result.errno) || result.ret !== -errnoNumber(result.errno))
      return {
        path: `expect.results.${label}`,
        message: `${result.errno} and ${result.ret} do not go together: write {"ret"} alone`,
      };
  }
  return checkMemory(expect);
}

function checkMemory({ memory }: Expect): Misfit | null {
  for (const [task, items] of Object.entries(memory)) {
    for (const [i, item] of items.entries()) {
      const size = "hex" in item ? item.hex.length / 2 : "len" in item ? item.len : 4;
      if (addressOfWord(item.addr) % 4 !== 0 || size % 4 !== 0)
        return {
          path: `expect.memory.${task}[${i}]`,
          message: "is not whole 32-bit words: write multiples of 4 bytes",
        };
    }
  }
  return null;
}

function walk(
  program: readonly Operation[],
  path: string,
  visit: (operation: Operation, path: string) => Misfit | null,
): Misfit | null {
  for (const [i, operation] of program.entries()) {
    const at = `${path}[${i}]`;
    const found =
      visit(operation, at) ??
      (operation.op === "sys" && operation.child !== undefined
        ? walk(operation.child, `${at}.child`, visit)
        : null);
    if (found !== null) return found;
  }
  return null;
}
