import { CALLS } from "../../abi/calls/index.ts";
import { resolveNumber } from "../../abi/numbers.ts";
import type { SyscallDecl } from "../../abi/syscall.ts";
import type { FuzzTarget } from "../../fuzz/target.ts";
import { PROFILES } from "../../kernel/profile/index.ts";
import { WrongArgument } from "../wrong-argument.ts";

/** @throws WrongArgument for a call that was asked for by name and has no number in the target's era */
export function checkNumbers(asked: readonly string[], { calls, profile }: FuzzTarget): void {
  const decls: readonly SyscallDecl[] = [...calls.map(({ decl }) => decl), ...CALLS];
  for (const name of asked) {
    const { numbers } = decls.find((decl) => decl.name === name) as SyscallDecl;
    const has = (era: string): boolean =>
      (["x86_64", "i386"] as const).some((table) => resolveNumber(numbers, table, era) !== null);
    if (has(profile.name)) continue;
    const eras = Object.keys(PROFILES).filter(has);
    const hint = eras.length === 0 ? "" : `: it has one under ${eras.join(", ")}`;
    throw new WrongArgument(`${name} has no number under ${profile.name}${hint}`);
  }
}
