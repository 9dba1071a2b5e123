import { mainlineName } from "../mainline.ts";
import type { Arg, SysOperation, Vector } from "../vector.ts";
import { wordOf } from "../words.ts";

const X32_BIT = 0x4000_0000;

/** The name a call has in the table of its way in; undefined for a number that no call has. */
export function nameOf(call: SysOperation, { arch }: Vector): string | undefined {
  const nr = numberOf(call);
  return mainlineName(arch, arch === "x86_64" && nr > 0 ? nr & ~X32_BIT : nr);
}

/** The number a call enters with, as the kernel reads it. */
export function numberOf(call: SysOperation): number {
  return Number(BigInt.asIntN(32, wordOf(call.nr)));
}

/** An argument that is a number; null for one that is only known later. A missing one is 0. */
export function constant(arg: Arg | undefined): bigint | null {
  if (arg === undefined) return 0n;
  return typeof arg === "object" ? null : wordOf(arg);
}
