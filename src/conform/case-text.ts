import { mainlineName } from "./mainline.ts";
import type { Arg, Operation, SysOperation, Vector } from "./vector.ts";
import { wordOf } from "./words.ts";

/** Where a case's main task lives and what it may do: `i386, level 1 as pid 1, all capabilities`. */
export function settingText({ arch, kernel, nsLevel, nsInit, caps, profile }: Vector): string {
  const where = nsLevel === 0 ? "level 0" : `level ${nsLevel}${nsInit ? " as pid 1" : ""}`;
  const able = typeof caps === "string" ? `${caps === "all" ? "all" : "no"} capabilities` : caps.join(" ");
  const machine = kernel === undefined ? arch : `${arch} on a 32-bit kernel`;
  return [...(profile === undefined ? [] : [profile]), machine, where, able || "no capabilities"].join(", ");
}

/** A call as the case has it, undecoded: `clone3(0x10000000, 88)`. `$c` is what the operation `c` returned. */
export function callText(operation: SysOperation, arch: Vector["arch"]): string {
  const nr = Number(BigInt.asIntN(32, wordOf(operation.nr)));
  const name = mainlineName(arch, nr) ?? `syscall_${operation.nr}`;
  return `${name}(${operation.args.map(argText).join(", ")})`;
}

function argText(arg: Arg): string {
  return typeof arg === "object" ? `$${arg.ret}` : String(arg);
}

/** The operations of a program with how deep each lies in children's lists. */
export function* indented(
  program: readonly Operation[],
  depth = 0,
): Generator<{ readonly operation: Operation; readonly depth: number }> {
  for (const operation of program) {
    yield { operation, depth };
    if (operation.op === "sys" && operation.child !== undefined) yield* indented(operation.child, depth + 1);
  }
}
