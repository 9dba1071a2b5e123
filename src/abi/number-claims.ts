import type { CompiledSyscall } from "./compile.ts";
import { DeclarationError } from "./declaration-error.ts";
import { numbersIn, profilesIn, resolveNumber, TABLES, type TableId } from "./numbers.ts";

/** Stands for every profile neither of two calls names. */
const ANY_OTHER = "";

/** Who has which number in which table: what refuses a second call of the same era. */
export class NumberClaims {
  private readonly holders: Map<string, CompiledSyscall[]> = new Map();

  /**
   * Notes the numbers of a call.
   * @throws DeclarationError when another call of an overlapping era has one of them under the same profile and
   *   neither says that it displaces the other; then nothing is noted
   */
  add(call: CompiledSyscall): void {
    const claimed: CompiledSyscall[][] = [];
    for (const table of TABLES) {
      for (const nr of numbersIn(call.decl.numbers, table)) {
        const holders = this.holdersOf(`${table} ${nr}`);
        for (const other of holders) refuseConflict(call, other, table);
        claimed.push(holders);
      }
    }
    for (const holders of claimed) holders.push(call);
  }

  private holdersOf(key: string): CompiledSyscall[] {
    let holders = this.holders.get(key);
    if (holders === undefined) {
      holders = [];
      this.holders.set(key, holders);
    }
    return holders;
  }
}

function refuseConflict(call: CompiledSyscall, other: CompiledSyscall, table: TableId): void {
  if (call.since >= other.until || other.since >= call.until) return;
  const mine = call.decl.numbers;
  const theirs = other.decl.numbers;
  for (const profile of new Set([...profilesIn(mine, table), ...profilesIn(theirs, table), ANY_OTHER])) {
    const a = resolveNumber(mine, table, profile);
    const b = resolveNumber(theirs, table, profile);
    if (a === null || b === null || a.nr !== b.nr) continue;
    if (a.displaces === other.name || b.displaces === call.name) continue;
    const under = profile === ANY_OTHER ? "" : ` under ${profile}`;
    throw new DeclarationError(`${call.name}.numbers.${table}`, `${a.nr} is ${other.name}'s${under}`);
  }
}
