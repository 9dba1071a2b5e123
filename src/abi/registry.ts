import { CompiledSyscall } from "./compile.ts";
import { DeclarationError } from "./declaration-error.ts";
import { expandLadder } from "./expand-ladder.ts";
import type { FlagSetDecl } from "./flags.ts";
import type { LadderDecl } from "./ladder.ts";
import { NumberClaims } from "./number-claims.ts";
import { type ResolvedNumber, resolveNumber, type TableId } from "./numbers.ts";
import { checkIdentifier, checkKeys, checkObject, named } from "./slips.ts";
import type { StructDecl } from "./struct.ts";
import type { SyscallDecl } from "./syscall.ts";
import { Types } from "./types.ts";

/** An era as tables see it: the profile's name and a comparable kernel version. */
export interface TableEra {
  readonly name: string;
  readonly kernel: number;
}

/** What a registry is made of. */
export interface RegistryParts {
  readonly calls?: Iterable<SyscallDecl>;
  readonly structs?: Iterable<StructDecl>;
  readonly flagsets?: Iterable<FlagSetDecl>;
  readonly ladders?: Iterable<LadderDecl>;
}

/** Everything a registry holds, as declared. */
export interface RegistryJson {
  readonly calls: readonly SyscallDecl[];
  readonly structs: readonly StructDecl[];
  readonly flagsets: readonly FlagSetDecl[];
  readonly ladders: readonly LadderDecl[];
}

interface Entry {
  readonly call: CompiledSyscall;
  readonly number: ResolvedNumber;
}

/**
 * Every declaration of a machine, and both indexes over them: name → number and number → name are derived from the
 * one list, so they cannot drift apart.
 *
 * @example
 * ```ts
 * import { CALLS, FLAG_SETS, kernelVersion, LADDERS, Registry, STRUCTS } from "trapgate";
 * const registry = new Registry({ calls: CALLS, structs: STRUCTS, flagsets: FLAG_SETS, ladders: LADDERS });
 * const era = { name: "cwp-v3", kernel: kernelVersion("2.6.31") };
 * console.log(registry.number("clone_with_pids", "i386", era)); // 337
 * console.log(registry.byNumber(337, "i386", era)?.name); // clone_with_pids
 * ```
 */
export class Registry {
  readonly types: Types;
  private readonly ladders: Map<string, LadderDecl> = new Map();
  private readonly claims: NumberClaims = new NumberClaims();
  private readonly byName: Map<string, CompiledSyscall> = new Map();
  private readonly indexes: Map<string, ReadonlyMap<number, Entry>> = new Map();

  /** @throws DeclarationError for the first wrong or duplicate declaration */
  constructor(parts: RegistryParts = {}) {
    this.types = new Types(parts.structs, parts.flagsets);
    for (const decl of parts.ladders ?? []) {
      checkObject(decl, "a ladder", "a declaration");
      checkIdentifier(decl.ladder, `ladder ${named(decl.ladder)}`, "the name of a ladder");
      if (this.ladders.has(decl.ladder))
        throw new DeclarationError(`ladder ${named(decl.ladder)}`, "a ladder of that name exists");
      this.ladders.set(decl.ladder, decl);
    }
    for (const [name, decl] of this.ladders) {
      checkKeys(decl, `ladder ${name}`, ["ladder", "rungs", "provenance"]);
      // A ladder nobody includes yet is checked all the same.
      expandLadder(decl.rungs, `ladder ${name}`, this.ladders);
    }
    for (const decl of parts.calls ?? []) this.add(decl);
  }

  /**
   * Adds a call.
   * @throws DeclarationError when it is wrong, when its name is taken, and when another call of the same era has its
   *   number under some profile; then the registry is as before
   */
  add(decl: SyscallDecl): CompiledSyscall {
    const call = this.compile(decl);
    if (this.byName.has(call.name)) throw new DeclarationError(call.name, "a call of that name exists");
    this.claims.add(call);
    this.byName.set(call.name, call);
    this.indexes.clear();
    return call;
  }

  /** Compiles a declaration against this registry's types and ladders without adding it. @throws DeclarationError */
  compile(decl: SyscallDecl): CompiledSyscall {
    return new CompiledSyscall(decl, this.types, this.ladders);
  }

  /** A call by name. */
  get(name: string): CompiledSyscall | undefined {
    return this.byName.get(name);
  }

  /** Every call, in the order they were added. */
  calls(): Iterable<CompiledSyscall> {
    return this.byName.values();
  }

  /** The number of a call; undefined where the table or the era has none. */
  number(name: string, table: TableId, era: TableEra): number | undefined {
    return this.resolve(name, table, era)?.nr;
  }

  /** As {@link number}, with the remark that goes with it. */
  resolve(name: string, table: TableId, era: TableEra): ResolvedNumber | null {
    const call = this.byName.get(name);
    const number = call === undefined ? null : numberIn(call, table, era);
    // A call that is displaced under this profile has no number there.
    return number !== null && this.index(table, era).get(number.nr)?.call === call ? number : null;
  }

  /** The call with a number; undefined where nobody has it. */
  byNumber(nr: number, table: TableId, era: TableEra): CompiledSyscall | undefined {
    return this.index(table, era).get(nr)?.call;
  }

  /** Number and call, ascending. */
  entries(table: TableId, era: TableEra): [number, CompiledSyscall][] {
    return [...this.index(table, era)]
      .map(([nr, { call }]): [number, CompiledSyscall] => [nr, call])
      .sort((a, b) => a[0] - b[0]);
  }

  /** Everything declared here, as plain data: a registry made of it answers the same. */
  toJSON(): RegistryJson {
    return {
      calls: [...this.byName.values()].map((c) => c.decl),
      structs: [...this.types.allStructs()],
      flagsets: [...this.types.allFlagSets()].map((f) => f.decl),
      ladders: [...this.ladders.values()],
    };
  }

  private index(table: TableId, era: TableEra): ReadonlyMap<number, Entry> {
    const key = `${table} ${era.name} ${era.kernel}`;
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    const index = new Map<number, Entry>();
    for (const call of this.byName.values()) {
      const number = numberIn(call, table, era);
      if (number === null) continue;
      // Two calls meet at a number only where one displaces the other; anything else was refused by add.
      const holder = index.get(number.nr);
      if (holder === undefined || number.displaces === holder.call.name)
        index.set(number.nr, { call, number });
    }
    this.indexes.set(key, index);
    return index;
  }
}

function numberIn(call: CompiledSyscall, table: TableId, era: TableEra): ResolvedNumber | null {
  if (era.kernel < call.since || era.kernel >= call.until) return null;
  return resolveNumber(call.decl.numbers, table, era.name);
}
